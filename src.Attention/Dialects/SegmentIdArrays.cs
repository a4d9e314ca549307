namespace PackingKit.Attention;

/// <summary>
/// Packed examples as T5 and seqio, and after them MaxText, have them: <c>segment_ids</c> from 1 in each row with 0 for padding, and
/// <c>positions</c> that restart.
/// </summary>
/// <param name="Rows">Rows.</param>
/// <param name="Width">Slots of a row.</param>
/// <param name="SegmentIds">int32 [rows, width], row by row.</param>
/// <param name="Positions">int32 [rows, width], row by row; 0 in padding.</param>
public sealed record SegmentIdArrays(int Rows, int Width, int[] SegmentIds, int[] Positions)
{
    /// <summary>
    /// From any layout that starts from nothing. Which prompt is which is not kept: <see cref="ToLayout"/> numbers them in slot order.
    /// </summary>
    /// <exception cref="NotSupportedException">Prompts go on from earlier tokens.</exception>
    public static SegmentIdArrays From(PackedLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        DialectChecks.NoPast(layout, "seqio");
        return new SegmentIdArrays(
            layout.RowCount, layout.RowWidth, layout.SegmentIds.ToArray(),
            Array.ConvertAll(layout.PositionIds.ToArray(), position => (int)position));
    }

    /// <summary>
    /// Back to a layout, prompts numbered in slot order. Padding may only be at the end of a row or before a multiple of one alignment.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The arrays are not of that size, a segment is not where its number says, or positions do not count; the message names the slot.
    /// </exception>
    public PackedLayout ToLayout()
    {
        if (SegmentIds.Length != (long)Rows * Width || Positions.Length != SegmentIds.Length)
            throw new ArgumentException(
                $"{Rows} rows of {Width} need {(long)Rows * Width} segment IDs and positions, " +
                $"not {SegmentIds.Length} and {Positions.Length}.");
        var (lengths, rowOf, starts) = (new List<int>(), new List<int>(), new List<int>());
        for (var slot = 0; slot < SegmentIds.Length; slot++)
        {
            var (row, id) = (slot / Width, SegmentIds[slot]);
            if (id == 0)
                continue;
            var sameRow = rowOf.Count > 0 && rowOf[^1] == row;
            if (!sameRow || id != SegmentIds[slot - 1])
            {
                if (id != 1 + (sameRow ? SegmentIds[starts[^1]] : 0))
                    throw new ArgumentException($"Slot {slot} starts segment {id} out of turn.");
                lengths.Add(0);
                rowOf.Add(row);
                starts.Add(slot);
            }
            if (Positions[slot] != lengths[^1])
                throw new ArgumentException($"Slot {slot} has position {Positions[slot]} in its segment, not {lengths[^1]}.");
            lengths[^1]++;
        }
        var packing = Packing.FromAssignment([.. rowOf], Rows);
        var columns = starts.Select(start => start % Math.Max(Width, 1)).ToArray();
        var layout = PackedLayout.FromPacking(packing, [.. lengths], Width, Alignment(columns, lengths));
        for (var prompt = 0; prompt < starts.Count; prompt++)
            if (layout.SegmentOf(prompt).Start != starts[prompt])
                throw new ArgumentException($"Slot {starts[prompt]} starts a segment after a gap that no alignment explains.");
        return layout;
    }

    /// <summary>The largest alignment that the columns at which segments start allow, if there are gaps; 1 otherwise.</summary>
    private static int Alignment(int[] columns, List<int> lengths)
    {
        var divisor = 0;
        var gaps = false;
        for (var i = 1; i < columns.Length; i++)
        {
            gaps |= columns[i] != 0 && columns[i] != columns[i - 1] + lengths[i - 1];
            for (var rest = columns[i]; rest != 0;)
                (divisor, rest) = (rest, divisor % rest);
        }
        return gaps ? divisor : 1;
    }
}
