namespace PackingKit.Attention;

/// <summary>
/// Who sees whom as a <c>mask_mod</c> of FlexAttention tells it from three numbers a token: where its node is entered and left in
/// depth-first order, and its position. A query sees the keys of its own node and of those that it goes on from, up to its position:
/// </summary>
/// <remarks>
/// <code>
/// def mask_mod(b, h, q, k):
///     return (enter[b, k] &lt;= enter[b, q]) &amp; (enter[b, q] &lt; exit[b, k]) &amp; (position[b, k] &lt;= position[b, q])
/// </code>
/// <para>It says forests and plain prompts alike; of these each is a node that nothing goes on from. Padding has -1 three times: it sees
/// nothing and is seen by nothing, which FlexAttention makes 0.</para>
/// </remarks>
/// <param name="Rows">Rows.</param>
/// <param name="Width">Slots of a row.</param>
/// <param name="Enter">int32 [rows, width], row by row: number of the token's node, counted through all rows.</param>
/// <param name="Exit">int32 [rows, width]: one past the last node that goes on from it, directly or not.</param>
/// <param name="Position">int32 [rows, width].</param>
public sealed record FlexAttentionTree(int Rows, int Width, ValueList<int> Enter, ValueList<int> Exit, ValueList<int> Position)
{
    private const int Padding = -1;

    /// <summary>
    /// From any layout that starts from nothing. Which prompt is which is not kept: <see cref="ToLayout"/> numbers them in slot order.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="layout"/> is <see langword="null"/>.</exception>
    /// <exception cref="NotSupportedException">Prompts go on from tokens outside of the layout, or rows have no slots.</exception>
    public static FlexAttentionTree From(PackedLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (!layout.IsForest)
            DialectChecks.NoPast(layout, "A mask over the layout's own tokens");
        if (layout.RowCount > 0 && layout.RowWidth == 0)
            throw new NotSupportedException("There is no mask for rows without slots.");
        var (enter, exit, position) = (new int[layout.SlotCount], new int[layout.SlotCount], new int[layout.SlotCount]);
        foreach (var numbers in (int[][])[enter, exit, position])
            numbers.AsSpan().Fill(Padding);
        var segments = layout.Segments;
        // The nodes of a forest lie in depth-first order, hence slot order is their number.
        var ends = new int[segments.Length];
        for (var node = segments.Length - 1; node >= 0; node--)
        {
            ends[node] = Math.Max(ends[node], node + 1);
            if (layout.IsForest && layout.Parents[node] is >= 0 and var parent)
                ends[parent] = Math.Max(ends[parent], ends[node]);
        }
        for (var node = 0; node < segments.Length; node++)
        {
            var (prompt, _, start, length) = segments[node];
            enter.AsSpan(start, length).Fill(node);
            exit.AsSpan(start, length).Fill(ends[node]);
            for (var i = 0; i < length; i++)
                position[start + i] = layout.PastLengths[prompt] + i;
        }
        return new FlexAttentionTree(
            layout.RowCount, layout.RowWidth, ValueList.Create<int>(enter), ValueList.Create<int>(exit), ValueList.Create<int>(position));
    }

    /// <summary>Back to a layout, prompts or nodes numbered in slot order. Padding may be wherever no prompt is.</summary>
    /// <exception cref="ArgumentException">
    /// An array is missing, the arrays are not of that size, rows have no slots, nodes do not follow each other by number, one does not lie
    /// within another or apart from it, positions do not count on, or nodes that go on from each other are not in one row without padding;
    /// the message names the slot.
    /// </exception>
    public PackedLayout ToLayout()
    {
        ArgumentNullException.ThrowIfNull(Enter);
        ArgumentNullException.ThrowIfNull(Exit);
        ArgumentNullException.ThrowIfNull(Position);
        if (Rows < 0 || Width < 0 || (Width == 0 && Rows > 0))
            throw new ArgumentException($"There are no {Rows} rows of {Width} slots.");
        if (Enter.Count != (long)Rows * Width || Exit.Count != Enter.Count || Position.Count != Enter.Count)
            throw new ArgumentException(
                $"{Rows} rows of {Width} need {(long)Rows * Width} numbers of each kind, " +
                $"not {Enter.Count}, {Exit.Count} and {Position.Count}.");
        var (lengths, starts, parents, path) = (new List<int>(), new List<int>(), new List<int>(), new Stack<int>());
        for (var slot = 0; slot < Enter.Count; slot++)
        {
            var (enter, exit) = (Enter[slot], Exit[slot]);
            if (enter == Padding)
            {
                if (exit != Padding || Position[slot] != Padding)
                    throw new ArgumentException($"Slot {slot} is padding, but has {exit} and {Position[slot]} beside it.");
                continue;
            }
            var goesOn = starts.Count > 0 && enter == starts.Count - 1 && slot % Width != 0 && Enter[slot - 1] == enter;
            if (!goesOn)
            {
                if (enter != starts.Count)
                    throw new ArgumentException($"Slot {slot} enters node {enter} out of turn.");
                while (path.TryPeek(out var last) && Exit[starts[last]] <= enter)
                    path.Pop();
                var parent = path.TryPeek(out var top) ? top : -1;
                if (exit <= enter || (parent >= 0 && exit > Exit[starts[parent]]))
                    throw new ArgumentException($"Node {enter}, from slot {slot} on, is left at {exit}.");
                lengths.Add(0);
                starts.Add(slot);
                parents.Add(parent);
                path.Push(enter);
            }
            else if (exit != Exit[slot - 1])
            {
                throw new ArgumentException($"Slot {slot} leaves node {enter} at {exit}, the slot before it at {Exit[slot - 1]}.");
            }
            var position = lengths[^1] + (parents[^1] < 0 ? 0 : Position[starts[parents[^1]]] + lengths[parents[^1]]);
            if (Position[slot] != position)
                throw new ArgumentException($"Slot {slot} has position {Position[slot]}, not {position}.");
            lengths[^1]++;
        }
        foreach (var start in starts)
            if (Exit[start] > starts.Count)
                throw new ArgumentException($"Node {Enter[start]} is left at {Exit[start]}; there are {starts.Count} nodes.");
        if (parents.TrueForAll(parent => parent < 0))
            return PackedLayout.FromStarts([.. lengths], [.. starts], Width, Rows);
        if (Rows != 1 || lengths.Sum() != Width)
            throw new ArgumentException("Nodes that go on from each other lie in one row without padding.");
        return PackedLayout.FromNodes([.. lengths], [.. parents]);
    }
}
