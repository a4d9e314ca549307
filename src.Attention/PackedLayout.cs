namespace PackingKit.Attention;

/// <summary>
/// Where every token of a set of prompts lies in a grid of rows of one width, and everything that attention kernels ask about it: cumulative
/// lengths, positions, segments, and the indices that lead from packed slots to tokens and back. Plain arrays on the host: no tensor, no device.
/// </summary>
/// <remarks>
/// <para>Three orders are told apart. <i>Prompt order</i> is the order in which the lengths were given. <i>Slot order</i> is the order in which segments
/// lie in the grid, row by row; <see cref="Segments"/> and <see cref="CuSeqLens"/> follow it. <i>Token order</i> is prompt order, token by token:
/// token 0 is the first of prompt 0.</para>
/// <para>Immutable and thread-safe. Making one costs O(prompts); each table below is filled at first use, in O(slots), and kept.</para>
/// </remarks>
public sealed class PackedLayout
{
    private readonly int[] _lengths;
    private readonly PackedSegment[] _segments;
    private readonly int[] _rowOffsets;
    private readonly int[] _segmentOfPrompt;
    private int[]? _cuSeqLens;
    private long[]? _positionIds;
    private int[]? _segmentIds;
    private long[]? _lastTokenIndices;
    private long[]? _slotIndices;
    private long[]? _tokenIndices;

    /// <summary>Lays the prompts of each row side by side.</summary>
    /// <param name="lengths">In prompt order; checked.</param>
    /// <param name="prompts">In slot order.</param>
    /// <param name="rowOffsets">Start of each row in <paramref name="prompts"/>, then their number.</param>
    /// <param name="width">The width asked for, or <see langword="null"/> for that of the longest row.</param>
    private PackedLayout(int[] lengths, ReadOnlySpan<int> prompts, int[] rowOffsets, int? width)
    {
        (_lengths, _rowOffsets) = (lengths, rowOffsets);
        RowWidth = WidthOf(prompts, width);
        if ((long)RowCount * RowWidth > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(width), RowWidth, $"{RowCount} rows of {RowWidth} slots are more than an array holds.");

        _segments = new PackedSegment[prompts.Length];
        _segmentOfPrompt = new int[prompts.Length];
        for (var row = 0; row < RowCount; row++)
        {
            var start = row * RowWidth;
            for (var segment = rowOffsets[row]; segment < rowOffsets[row + 1]; segment++)
            {
                var prompt = prompts[segment];
                _segments[segment] = new PackedSegment(prompt, row, start, lengths[prompt]);
                _segmentOfPrompt[prompt] = segment;
                start += lengths[prompt];
                TokenCount += lengths[prompt];
                MaxSeqLen = Math.Max(MaxSeqLen, lengths[prompt]);
            }
        }
    }

    /// <summary>Rows of one width: bin b of the packing becomes row b, its items side by side in the order of the bin. O(prompts).</summary>
    /// <param name="packing">Which prompt lies in which row; its items are the prompts.</param>
    /// <param name="lengths">Number of tokens of each prompt, at least 1.</param>
    /// <param name="width">Slots of a row; where none is given, the longest row's tokens.</param>
    /// <exception cref="ArgumentNullException"><paramref name="packing"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There are more or fewer lengths than the packing has items.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1, or a row holds more tokens than <paramref name="width"/>; the message names it.</exception>
    public static PackedLayout FromPacking(Packing packing, ReadOnlySpan<int> lengths, int? width = null)
    {
        ArgumentNullException.ThrowIfNull(packing);
        if (lengths.Length != packing.ItemCount)
            throw new ArgumentException($"The packing holds {packing.ItemCount} prompts, but there are {lengths.Length} lengths.", nameof(lengths));
        return new PackedLayout(Checked(lengths), packing.ItemIndices, packing.BinOffsets.ToArray(), width);
    }

    /// <summary>One row without padding, prompts in the given order: what variable-length kernels want. O(prompts).</summary>
    /// <param name="lengths">Number of tokens of each prompt, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1; the message names the prompt.</exception>
    public static PackedLayout Flat(ReadOnlySpan<int> lengths)
    {
        var prompts = new int[lengths.Length];
        for (var prompt = 0; prompt < prompts.Length; prompt++)
            prompts[prompt] = prompt;
        return new PackedLayout(Checked(lengths), prompts, [0, prompts.Length], width: null);
    }

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

    /// <summary>The prompts' places, in slot order.</summary>
    public ReadOnlySpan<PackedSegment> Segments => _segments;

    /// <summary>The places of one row's prompts, from left to right.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> - 1.</param>
    public ReadOnlySpan<PackedSegment> RowSegments(int row) => _segments.AsSpan(_rowOffsets[row].._rowOffsets[row + 1]);

    /// <summary>The place of one prompt.</summary>
    /// <param name="prompt">From 0 to <see cref="PromptCount"/> - 1.</param>
    public PackedSegment SegmentOf(int prompt) => _segments[_segmentOfPrompt[prompt]];

    /// <summary>
    /// Cumulative lengths of the segments in slot order, from 0 to <see cref="TokenCount"/>: where each starts once padding is left out. Segments + 1 entries.
    /// </summary>
    public ReadOnlySpan<int> CuSeqLens => _cuSeqLens ??= Cumulate(_segments);

    /// <summary>Cumulative lengths of one row's segments, from 0 to the row's tokens: the columns at which they start, and the end of the last.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> - 1.</param>
    public int[] RowCuSeqLens(int row) => Cumulate(RowSegments(row));

    /// <summary>Position of each slot's token in its prompt, from 0; padding has 0. One entry a slot.</summary>
    public ReadOnlySpan<long> PositionIds
    {
        get
        {
            return _positionIds ??= Fill();

            long[] Fill()
            {
                var positions = new long[SlotCount];
                foreach (var segment in _segments)
                    FillRange(positions.AsSpan(segment.Start, segment.Length), 0);
                return positions;
            }
        }
    }

    /// <summary>Number of each slot's segment in its row, from 1; padding has 0. One entry a slot.</summary>
    public ReadOnlySpan<int> SegmentIds
    {
        get
        {
            return _segmentIds ??= Fill();

            int[] Fill()
            {
                var ids = new int[SlotCount];
                for (var segment = 0; segment < _segments.Length; segment++)
                {
                    var (_, row, start, length) = _segments[segment];
                    ids.AsSpan(start, length).Fill(segment - _rowOffsets[row] + 1);
                }
                return ids;
            }
        }
    }

    /// <summary>Slot of the last token of each prompt, in prompt order: where the logits of the next token are.</summary>
    public ReadOnlySpan<long> LastTokenIndices
    {
        get
        {
            return _lastTokenIndices ??= Fill();

            long[] Fill()
            {
                var indices = new long[PromptCount];
                foreach (var segment in _segments)
                    indices[segment.Prompt] = segment.End - 1;
                return indices;
            }
        }
    }

    /// <summary>
    /// Slot of each token, in token order. Gathering by it (<c>index_select</c>) takes packed slots to tokens, scattering by it (<c>index_copy_</c>) takes
    /// tokens to packed slots. One entry a token.
    /// </summary>
    public ReadOnlySpan<long> SlotIndices
    {
        get
        {
            return _slotIndices ??= Fill();

            long[] Fill()
            {
                var slots = new long[TokenCount];
                var token = 0;
                for (var prompt = 0; prompt < PromptCount; token += _lengths[prompt++])
                    FillRange(slots.AsSpan(token, _lengths[prompt]), SegmentOf(prompt).Start);
                return slots;
            }
        }
    }

    /// <summary>Token that each slot holds, in token order; padding has -1. The inverse of <see cref="SlotIndices"/>. One entry a slot.</summary>
    public ReadOnlySpan<long> TokenIndices
    {
        get
        {
            return _tokenIndices ??= Fill();

            long[] Fill()
            {
                var tokens = new long[SlotCount];
                Array.Fill(tokens, -1);
                var token = 0;
                for (var prompt = 0; prompt < PromptCount; token += _lengths[prompt++])
                    FillRange(tokens.AsSpan(SegmentOf(prompt).Start, _lengths[prompt]), token);
                return tokens;
            }
        }
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
                throw new ArgumentOutOfRangeException(nameof(lengths), total, $"The prompts up to {prompt} have more tokens than an array holds.");
        }
        return lengths.ToArray();
    }

    /// <summary>The width asked for, checked against every row, or the longest row's.</summary>
    private int WidthOf(ReadOnlySpan<int> prompts, int? width)
    {
        var longest = 0;
        for (var row = 0; row < RowCount; row++)
        {
            var load = 0;
            foreach (var prompt in prompts[_rowOffsets[row].._rowOffsets[row + 1]])
                load += _lengths[prompt];
            if (load > width)
                throw new ArgumentOutOfRangeException(nameof(width), width, $"Row {row} holds {load} tokens, above the width {width}.");
            longest = Math.Max(longest, load);
        }
        if (width is { } asked)
            ArgumentOutOfRangeException.ThrowIfNegative(asked, nameof(width));
        return width ?? longest;
    }

    private static int[] Cumulate(ReadOnlySpan<PackedSegment> segments)
    {
        var cumulative = new int[segments.Length + 1];
        for (var i = 0; i < segments.Length; i++)
            cumulative[i + 1] = cumulative[i] + segments[i].Length;
        return cumulative;
    }

    private static void FillRange(Span<long> span, long first)
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = first + i;
    }
}
