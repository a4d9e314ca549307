namespace PackingKit.Attention;

// The tables that kernels read: each is filled when first asked for.
public sealed partial class PackedLayout
{
    private int[]? _cuSeqLens;
    private int[]? _cuSeqLensPadded;
    private long[]? _positionIds;
    private int[]? _segmentIds;
    private long[]? _lastTokenIndices;
    private long[]? _slotIndices;
    private long[]? _tokenIndices;

    /// <summary>
    /// Cumulative lengths of the segments in slot order, from 0 to <see cref="TokenCount"/>: where each starts once padding is left out.
    /// Segments + 1 entries.
    /// </summary>
    public ReadOnlySpan<int> CuSeqLens => _cuSeqLens ??= Cumulate(_segments);

    /// <summary>
    /// Where the segments start among all slots, padding included, and at last <see cref="SlotCount"/>. The same as <see cref="CuSeqLens"/>
    /// where there is no padding.
    /// </summary>
    public ReadOnlySpan<int> CuSeqLensPadded
    {
        get
        {
            return _cuSeqLensPadded ??= Fill();

            int[] Fill()
            {
                var starts = new int[_segments.Length + 1];
                for (var segment = 0; segment < _segments.Length; segment++)
                    starts[segment] = _segments[segment].Start;
                starts[^1] = SlotCount;
                return starts;
            }
        }
    }

    /// <summary>Cumulative lengths of one row's segments, from 0 to the row's tokens. Segments of the row + 1 entries.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public int[] RowCuSeqLens(int row) => Cumulate(RowSegments(row));

    /// <summary>
    /// Position of each slot's token in its prompt, from 0 (or what the prompt has had before); padding has 0. One entry per slot.
    /// </summary>
    public ReadOnlySpan<long> PositionIds
    {
        get
        {
            if (_positionIds is null)
                CopyPositionIds(_positionIds = new long[SlotCount]);
            return _positionIds;
        }
    }

    /// <summary>Writes <see cref="PositionIds"/> without keeping them.</summary>
    /// <param name="positions">One entry per slot, whatever it holds.</param>
    internal void CopyPositionIds(Span<long> positions)
    {
        if (TokenCount < SlotCount)
            positions.Clear();
        foreach (var segment in _segments)
            FillRange(positions.Slice(segment.Start, segment.Length), _pastLengths[segment.Prompt]);
    }

    /// <summary>Number of each slot's segment in its row, from 1; padding has 0. One entry per slot.</summary>
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
    /// Slot of each token, in token order. Gathering by it (<c>index_select</c>) takes packed slots to tokens, scattering by it
    /// (<c>index_copy_</c>) takes tokens to packed slots. One entry per token.
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

    /// <summary>
    /// Token that each slot holds, in token order; padding has -1. The inverse of <see cref="SlotIndices"/>. One entry per slot.
    /// </summary>
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

    /// <summary>
    /// The block-diagonal mask of a row, query by key, for a runtime without libtorch: as <see cref="PackedBatch.CreateMask"/> has it.
    /// </summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> - 1.</param>
    /// <param name="mask">Width * width entries, whatever they hold: true where attention is allowed.</param>
    /// <param name="visibility">Who sees whom; <see cref="Visibility.Causal"/> where nothing is given.</param>
    /// <param name="window">Sliding window, as of <see cref="AttentionShape.Window"/>; none where nothing is given.</param>
    /// <exception cref="ArgumentException">
    /// The mask has another number of entries, or there are spans for another number of prompts.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is no such row, the window is below 1, or a span does not lie in its prompt.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// A token would see one that is not there, or the prompts go on from tokens outside of the layout.
    /// </exception>
    public void CopyMask(int row, Span<bool> mask, Visibility? visibility = null, int? window = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(window ?? 1, 1, nameof(window));
        if (mask.Length != (long)RowWidth * RowWidth)
            throw new ArgumentException($"A mask of {RowWidth} by {RowWidth} has not {mask.Length} entries.", nameof(mask));
        if (!IsForest && _pastLengths.AsSpan().ContainsAnyExcept(0))
            throw new NotSupportedException("The prompts go on from tokens outside of the layout.");
        var keys = KeyLayout.Of(this);
        var seen = new KeyIntervals(this, keys, visibility ?? Visibility.Causal, window);
        mask.Clear();
        var (start, end) = (row * RowWidth, row * RowWidth); // of the row, and of the slots done
        foreach (var segment in RowSegments(row))
        {
            OpenPadding(mask, segment.Start);
            for (; end < segment.End; end++)
            {
                var (first, last) = seen.Of(segment.Prompt, keys.Lengths[segment.Prompt] - segment.End + end);
                for (var position = first; position <= last; position++)
                    mask[(end - start) * RowWidth + keys.Slot(segment.Prompt, position) - start] = true;
            }
        }
        OpenPadding(mask, start + RowWidth);

        void OpenPadding(Span<bool> mask, int next)
        {
            for (; end < next; end++)
                mask[(end - start) * RowWidth + end - start] = true;
        }
    }
}
