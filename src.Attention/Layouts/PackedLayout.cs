namespace PackingKit.Attention;

/// <summary>
/// Where every token of a set of prompts lies in a grid of rows of one width, and everything that attention kernels ask about it:
/// cumulative lengths, positions, segments, and the indices that lead from packed slots to tokens and back. Plain arrays on the host: no
/// tensor, no device.
/// </summary>
/// <remarks>
/// <para>There are three orders. <i>Prompt order</i> is the order in which the lengths were given. <i>Slot order</i> is the order in which
/// segments lie in the grid, row by row; <see cref="Segments"/> and <see cref="CuSeqLens"/> follow it. <i>Token order</i> is prompt order,
/// token by token: token 0 is the first of prompt 0.</para>
/// <para>Immutable and thread-safe. Making one costs O(prompts); each table below is filled at first use, in O(slots), and kept.</para>
/// </remarks>
public sealed partial class PackedLayout
{
    private readonly int[] _lengths;
    private readonly int[] _pastLengths;
    private readonly PackedSegment[] _segments;
    private readonly int[] _rowOffsets;
    private readonly int[] _segmentOfPrompt;
    private readonly int[] _parents = [];

    /// <param name="lengths">In prompt order; checked.</param>
    /// <param name="segments">The prompts' places in slot order; checked.</param>
    /// <param name="rowOffsets">Start of each row in <paramref name="segments"/>, then their number.</param>
    /// <param name="width">Slots of a row.</param>
    private PackedLayout(int[] lengths, PackedSegment[] segments, int[] rowOffsets, int width)
    {
        (_lengths, _segments, _rowOffsets, RowWidth) = (lengths, segments, rowOffsets, width);
        _pastLengths = new int[lengths.Length];
        _segmentOfPrompt = new int[lengths.Length];
        for (var segment = 0; segment < segments.Length; segment++)
        {
            _segmentOfPrompt[segments[segment].Prompt] = segment;
            TokenCount += segments[segment].Length;
            MaxSeqLen = Math.Max(MaxSeqLen, segments[segment].Length);
        }
        PositionEnd = MaxSeqLen;
    }

    private PackedLayout(PackedLayout layout, int[] pastLengths, int[] parents)
    {
        _parents = parents;
        _lengths = layout._lengths;
        _pastLengths = pastLengths;
        _rowOffsets = layout._rowOffsets;
        _segments = layout._segments;
        _segmentOfPrompt = layout._segmentOfPrompt;
        RowWidth = layout.RowWidth;
        TokenCount = layout.TokenCount;
        MaxSeqLen = layout.MaxSeqLen;
        for (var prompt = 0; prompt < pastLengths.Length; prompt++)
            PositionEnd = Math.Max(PositionEnd, pastLengths[prompt] + _lengths[prompt]);
    }

    /// <summary>
    /// Rows of one width: bin b of the packing becomes row b, its items side by side in the order of the bin. O(prompts).
    /// </summary>
    /// <param name="packing">Which prompt lies in which row; its items are the prompts.</param>
    /// <param name="lengths">Number of tokens of each prompt, at least 1.</param>
    /// <param name="width">Slots of a row; where none is given, the longest row's.</param>
    /// <param name="alignment">
    /// Every segment starts at a multiple of this in its row, with padding behind it up to the next; at least 1.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="packing"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There are more or fewer lengths than the packing has items.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length or the alignment is below 1, or a row needs more slots, padding included, than <paramref name="width"/>; the message names
    /// it.
    /// </exception>
    public static PackedLayout FromPacking(Packing packing, ReadOnlySpan<int> lengths, int? width = null, int alignment = 1)
    {
        ArgumentNullException.ThrowIfNull(packing);
        if (lengths.Length != packing.ItemCount)
            throw new ArgumentException(
                $"The packing holds {packing.ItemCount} prompts, but there are {lengths.Length} lengths.", nameof(lengths));
        return SideBySide(Checked(lengths), packing.ItemIndices, packing.BinOffsets.ToArray(), width, alignment);
    }

    /// <summary>
    /// Rows as wide as the bins of a result: bin b becomes row b, the sizes of its items are the lengths of the prompts. O(prompts).
    /// </summary>
    /// <param name="result">What a strategy made of the prompts' lengths.</param>
    /// <param name="width">Slots of a row; where none is given, the longest row's.</param>
    /// <param name="alignment">
    /// Every segment starts at a multiple of this in its row, with padding behind it up to the next; at least 1.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="result"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length or the alignment is below 1, a length is above 2^31 - 1, or a row needs more slots than <paramref name="width"/>.
    /// </exception>
    public static PackedLayout FromPacking(PackingResult result, int? width = null, int alignment = 1)
    {
        ArgumentNullException.ThrowIfNull(result);
        var lengths = new int[result.Problem.ItemCount];
        for (var prompt = 0; prompt < lengths.Length; prompt++)
        {
            var length = result.Problem[prompt];
            if (length > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(result), length, $"Prompt {prompt} has {length} tokens.");
            lengths[prompt] = (int)length;
        }
        return FromPacking(result.Packing, lengths, width, alignment);
    }

    /// <summary>
    /// One row, without padding unless segments are aligned or the row has a width of its own: what variable-length kernels want.
    /// O(prompts), sorting aside.
    /// </summary>
    /// <param name="lengths">Number of tokens of each prompt, at least 1.</param>
    /// <param name="order">How the prompts follow each other.</param>
    /// <param name="alignment">Every segment starts at a multiple of this, with padding behind it up to the next; at least 1.</param>
    /// <param name="width">
    /// Slots of the row, padding behind the last prompt, where shapes must not change from batch to batch; where none is given, what the
    /// prompts take.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length or the alignment is below 1 (the message names the prompt), there is no such order, or the prompts take more than the
    /// width.
    /// </exception>
    public static PackedLayout Flat(
        ReadOnlySpan<int> lengths, PromptOrder order = PromptOrder.Given, int alignment = 1, int? width = null)
    {
        if (!Enum.IsDefined(order))
            throw new ArgumentOutOfRangeException(nameof(order), order, "No such order.");
        var own = Checked(lengths);
        var prompts = Enumerable.Range(0, own.Length).ToArray();
        if (order == PromptOrder.LongestFirst)
            prompts = [.. prompts.OrderByDescending(prompt => own[prompt])]; // stable
        return SideBySide(own, prompts, [0, prompts.Length], width, alignment);
    }

    /// <summary>
    /// Prompts at given places, with padding wherever they leave some: the layout that another library has made. O(prompts), sorting aside.
    /// </summary>
    /// <param name="lengths">Number of tokens of each prompt, at least 1.</param>
    /// <param name="starts">Slot of each prompt's first token, counted through all rows: row * width + column. In any order.</param>
    /// <param name="width">Slots of a row.</param>
    /// <param name="rows">Rows.</param>
    /// <exception cref="ArgumentException">
    /// There are more or fewer starts than lengths, or two prompts overlap; the message names them.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length is below 1, a number is negative, there are more slots than an array holds, or a prompt does not lie within one row; the
    /// message names it.
    /// </exception>
    public static PackedLayout FromStarts(ReadOnlySpan<int> lengths, ReadOnlySpan<int> starts, int width, int rows = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        CheckSlots(rows, width);
        var own = Checked(lengths);
        if (starts.Length != own.Length)
            throw new ArgumentException($"There are {own.Length} lengths, but {starts.Length} starts.", nameof(starts));
        var prompts = Enumerable.Range(0, own.Length).ToArray();
        starts.ToArray().AsSpan().Sort(prompts.AsSpan());
        var (segments, rowOffsets, end) = (new PackedSegment[prompts.Length], new int[rows + 1], 0);
        for (var segment = 0; segment < segments.Length; segment++)
        {
            var prompt = prompts[segment];
            var (start, length) = (starts[prompt], own[prompt]);
            if (start < 0 || width == 0 || start / width >= rows || start % width > width - length)
                throw new ArgumentOutOfRangeException(
                    nameof(starts), start,
                    $"Prompt {prompt} of {length} tokens starts at slot {start}: that is not within one of {rows} rows of {width} slots.");
            if (start < end)
                throw new ArgumentException(
                    $"Prompt {prompt} starts at slot {start}, but prompt {prompts[segment - 1]} ends at {end}.", nameof(starts));
            segments[segment] = new PackedSegment(prompt, start / width, start, length);
            rowOffsets[start / width + 1] = segment + 1;
            end = start + length;
        }
        for (var row = 0; row < rows; row++)
            rowOffsets[row + 1] = Math.Max(rowOffsets[row + 1], rowOffsets[row]);
        return new PackedLayout(own, segments, rowOffsets, width);
    }

    /// <summary>The same layout for prompts that go on: each has had some tokens before, which lie in a cache. O(prompts).</summary>
    /// <param name="pastLengths">Tokens that each prompt has had before those laid out here, in prompt order, at least 0.</param>
    /// <remarks>Positions then start there, and attention sees the tokens before as keys: see <see cref="PackedKVCache"/>.</remarks>
    /// <exception cref="ArgumentException">There is not one for each prompt.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is negative; the message names the prompt.</exception>
    /// <exception cref="InvalidOperationException">The prompts are nodes of a forest, whose positions are given.</exception>
    public PackedLayout WithPast(ReadOnlySpan<int> pastLengths)
    {
        if (IsForest)
            throw new InvalidOperationException("The prompts of the layout go on from each other: what each has had before is given.");
        if (pastLengths.Length != PromptCount)
            throw new ArgumentException($"The layout holds {PromptCount} prompts, not {pastLengths.Length}.", nameof(pastLengths));
        for (var prompt = 0; prompt < PromptCount; prompt++)
            if (pastLengths[prompt] < 0 || pastLengths[prompt] > int.MaxValue - _lengths[prompt])
                throw new ArgumentOutOfRangeException(
                    nameof(pastLengths), pastLengths[prompt], $"Prompt {prompt} has {pastLengths[prompt]} tokens before.");
        return new PackedLayout(this, pastLengths.ToArray(), parents: []);
    }

    /// <summary>
    /// One row of a forest's nodes in their order: tokens that prompts share lie there once. What is said of prompts in a layout then holds
    /// for nodes: the positions of each go on from its parent, and attention sees all nodes on the way from the root. O(nodes).
    /// </summary>
    /// <param name="forest">Which prompts share what; a node's tokens are those of <see cref="PrefixNode.Source"/> from its start.</param>
    /// <exception cref="ArgumentNullException"><paramref name="forest"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The forest has more tokens than an array holds.</exception>
    public static PackedLayout FromForest(PrefixForest forest)
    {
        ArgumentNullException.ThrowIfNull(forest);
        if (forest.DistinctTokenCount > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(forest), forest.DistinctTokenCount, $"The forest has {forest.DistinctTokenCount} tokens, more than an array holds.");
        var lengths = new int[forest.NodeCount];
        for (var node = 0; node < lengths.Length; node++)
            lengths[node] = forest[node].Length;
        return FromNodes(lengths, forest.Parents.ToArray());
    }

    /// <summary>One row of nodes in depth-first order.</summary>
    /// <param name="lengths">Tokens of each.</param>
    /// <param name="parents">The node that each goes on from, -1 for none.</param>
    internal static PackedLayout FromNodes(int[] lengths, int[] parents)
    {
        var past = new int[lengths.Length];
        for (var node = 0; node < past.Length; node++)
            past[node] = parents[node] < 0 ? 0 : past[parents[node]] + lengths[parents[node]];
        return new PackedLayout(Flat(lengths), past, parents);
    }

    /// <summary>Whether prompts go on from each other: they are nodes of a forest.</summary>
    public bool IsForest => _parents.Length > 0;

    /// <summary>In a forest, the node that each goes on from, -1 for a root; empty elsewhere.</summary>
    public ReadOnlySpan<int> Parents => _parents;

    /// <summary>Number of prompts.</summary>
    public int PromptCount => _lengths.Length;

    /// <summary>Number of rows.</summary>
    public int RowCount => _rowOffsets.Length - 1;

    /// <summary>Slots of a row.</summary>
    public int RowWidth { get; }

    /// <summary>Slots of all rows: rows * width.</summary>
    public int SlotCount => RowCount * RowWidth;

    /// <summary>Tokens of all prompts: the slots that are not padding.</summary>
    public int TokenCount { get; }

    /// <summary>Length of the longest prompt; 0 where there is none.</summary>
    public int MaxSeqLen { get; }

    /// <summary>One more than the largest position of all; 0 where there is no token.</summary>
    public int PositionEnd { get; }

    /// <summary>Whether the slots are the tokens in token order: one row or several, without padding, prompts in the given order.</summary>
    public bool IsTokenOrder
    {
        get
        {
            if (SlotCount != TokenCount)
                return false;
            for (var segment = 0; segment < _segments.Length; segment++)
                if (_segments[segment].Prompt != segment)
                    return false;
            return true;
        }
    }

    /// <summary>Number of tokens of each prompt, in prompt order.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>
    /// Tokens that each prompt has had before those laid out here, in prompt order: zeros unless made by <see cref="WithPast"/> or
    /// <see cref="FromForest"/>.
    /// </summary>
    public ReadOnlySpan<int> PastLengths => _pastLengths;

    /// <summary>The prompts' places, in slot order.</summary>
    public ReadOnlySpan<PackedSegment> Segments => _segments;

    /// <summary>The places of one row's prompts, from left to right.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<PackedSegment> RowSegments(int row)
    {
        IndexChecks.Require(row, RowCount, nameof(row), "row");
        return _segments.AsSpan(_rowOffsets[row].._rowOffsets[row + 1]);
    }

    /// <summary>The place of one prompt.</summary>
    /// <param name="prompt">From 0 to <see cref="PromptCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt.</exception>
    public PackedSegment SegmentOf(int prompt)
    {
        IndexChecks.Require(prompt, PromptCount, nameof(prompt), "prompt");
        return _segments[_segmentOfPrompt[prompt]];
    }

    private static int[] Checked(ReadOnlySpan<int> lengths)
    {
        long total = 0;
        for (var prompt = 0; prompt < lengths.Length; prompt++)
        {
            if (lengths[prompt] < 1)
                throw new ArgumentOutOfRangeException(
                    nameof(lengths), lengths[prompt], $"Prompt {prompt} has length {lengths[prompt]}; a prompt has at least one token.");
            total += lengths[prompt];
            if (total > Array.MaxLength)
                throw new ArgumentOutOfRangeException(
                    nameof(lengths), total, $"The prompts up to {prompt} have more tokens than an array holds.");
        }
        return lengths.ToArray();
    }

    /// <summary>Lays the prompts of each row side by side.</summary>
    /// <param name="lengths">In prompt order; checked.</param>
    /// <param name="prompts">In slot order.</param>
    /// <param name="rowOffsets">Start of each row in <paramref name="prompts"/>, then their number.</param>
    /// <param name="width">The width asked for, or <see langword="null"/> for that of the longest row.</param>
    /// <param name="alignment">Every segment starts at a multiple of it in its row, and its padding ends at one.</param>
    private static PackedLayout SideBySide(int[] lengths, ReadOnlySpan<int> prompts, int[] rowOffsets, int? width, int alignment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alignment, 1);
        if (width is { } asked)
            ArgumentOutOfRangeException.ThrowIfNegative(asked, nameof(width));
        var (rows, longest) = (rowOffsets.Length - 1, 0L);
        for (var row = 0; row < rows; row++)
        {
            var slots = 0L;
            foreach (var prompt in prompts[rowOffsets[row]..rowOffsets[row + 1]])
                slots += Aligned(lengths[prompt], alignment);
            if (slots > width)
                throw new ArgumentOutOfRangeException(nameof(width), width, $"Row {row} takes {slots} slots, above the width {width}.");
            longest = Math.Max(longest, slots);
        }
        CheckSlots(rows, width ?? longest);
        var rowWidth = width ?? (int)longest;
        var segments = new PackedSegment[prompts.Length];
        for (var row = 0; row < rows; row++)
        {
            var start = row * rowWidth;
            for (var segment = rowOffsets[row]; segment < rowOffsets[row + 1]; segment++)
            {
                var prompt = prompts[segment];
                segments[segment] = new PackedSegment(prompt, row, start, lengths[prompt]);
                start += (int)Aligned(lengths[prompt], alignment);
            }
        }
        return new PackedLayout(lengths, segments, rowOffsets, rowWidth);
    }

    private static void CheckSlots(int rows, long width)
    {
        if (rows * width > Array.MaxLength || rows >= Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(width), width, $"{rows} rows of {width} slots are more than an array holds.");
    }

    private static long Aligned(long length, int alignment) => (length + alignment - 1) / alignment * alignment;
}
