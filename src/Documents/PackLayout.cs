namespace PackingKit;

/// <summary>
/// One pack as a row of slots, and the arrays that trainers want beside its tokens. Documents stand in order; each takes a multiple of
/// <see cref="Alignment"/> slots, and what is left of the row is padding. Every method writes into the caller's memory and allocates
/// nothing.
/// </summary>
public readonly ref struct PackLayout
{
    /// <summary>The label of a slot that trains nothing, as PyTorch's cross-entropy ignores it.</summary>
    public const int IgnoredLabel = -100;

    /// <param name="lengths">Tokens of each document of the pack, not negative.</param>
    /// <param name="alignment">Each document takes a multiple of so many slots, at least 1.</param>
    /// <param name="rowMultiple">The row is a multiple of so many slots, at least 1; the capacity for rows of one length.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An argument is outside its range; of a length the message names the document.
    /// </exception>
    /// <exception cref="OverflowException">The row has more slots than an array holds.</exception>
    public PackLayout(ReadOnlySpan<int> lengths, int alignment = 1, int rowMultiple = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alignment, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowMultiple, 1);
        Lengths = lengths;
        Alignment = alignment;
        long slots = 0;
        for (var document = 0; document < lengths.Length; document++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(lengths[document], $"{nameof(lengths)}[{document}]");
            TokenCount = checked(TokenCount + lengths[document]);
            slots += RoundUp(lengths[document], alignment);
        }
        SlotCount = checked((int)RoundUp(slots, rowMultiple));
    }

    /// <summary>Tokens of each document.</summary>
    public ReadOnlySpan<int> Lengths { get; }

    /// <summary>Each document takes a multiple of so many slots.</summary>
    public int Alignment { get; }

    /// <summary>Slots of the row.</summary>
    public int SlotCount { get; }

    /// <summary>Tokens of all documents.</summary>
    public int TokenCount { get; }

    /// <summary>Puts each token into its slot.</summary>
    /// <typeparam name="T">A token, or whatever each token has, such as its weight.</typeparam>
    /// <param name="tokens">The documents' tokens one after the other, <see cref="TokenCount"/>.</param>
    /// <param name="slots">Takes them, <see cref="SlotCount"/>; must not overlap <paramref name="tokens"/>.</param>
    /// <param name="padding">What the other slots get.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void WriteTokens<T>(ReadOnlySpan<T> tokens, Span<T> slots, T padding)
    {
        Check(tokens.Length, TokenCount, nameof(tokens));
        Check(slots.Length, SlotCount, nameof(slots));
        foreach (var length in Lengths)
        {
            tokens[..length].CopyTo(slots);
            var next = (int)RoundUp(length, Alignment);
            slots[length..next].Fill(padding);
            tokens = tokens[length..];
            slots = slots[next..];
        }
        slots.Fill(padding);
    }

    /// <summary>
    /// The token that each slot is to predict: the next one of its document. The last slot of a document and padding predict nothing.
    /// Documents 10, 20, 30 and 40, 50 in 7 slots give 20, 30, -100, 50, -100, -100, -100.
    /// </summary>
    /// <param name="slots">The tokens by slot, as <see cref="WriteTokens"/> leaves them.</param>
    /// <param name="labels">Takes the labels, <see cref="SlotCount"/>.</param>
    /// <param name="ignored">The label of slots that train nothing.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void WriteLabels(ReadOnlySpan<int> slots, Span<int> labels, int ignored = IgnoredLabel)
    {
        Check(slots.Length, SlotCount, nameof(slots));
        Shift(slots, labels, ignored, nameof(labels));
    }

    /// <summary>Position of each slot in its document, from 0; 0 in padding.</summary>
    /// <param name="positions">Takes them, <see cref="SlotCount"/>.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void WritePositionIds(Span<int> positions)
    {
        Check(positions.Length, SlotCount, nameof(positions));
        positions.Clear();
        foreach (var length in Lengths)
        {
            for (var position = 0; position < length; position++)
                positions[position] = position;
            positions = positions[(int)RoundUp(length, Alignment)..];
        }
    }

    /// <summary>Number of the document in each slot, from 1; 0 in padding.</summary>
    /// <param name="segments">Takes them, <see cref="SlotCount"/>.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void WriteSegmentIds(Span<int> segments)
    {
        Check(segments.Length, SlotCount, nameof(segments));
        segments.Clear();
        for (var document = 0; document < Lengths.Length; document++)
        {
            segments[..Lengths[document]].Fill(document + 1);
            segments = segments[(int)RoundUp(Lengths[document], Alignment)..];
        }
    }

    /// <summary>
    /// Where each document starts among the tokens, then their number: 0, 5, 10 for two of 5. A longer span repeats the last value, as
    /// kernels want that are compiled for a fixed count.
    /// </summary>
    /// <param name="offsets">Takes them, at least one more than there are documents.</param>
    /// <exception cref="ArgumentException">The span is shorter.</exception>
    public void WriteCuSeqLens(Span<int> offsets) => WriteOffsets(offsets, alignment: 1, end: TokenCount);

    /// <summary>
    /// The same among the slots: each document with its padding, the last one with that of the row. Documents of 5 and 5 aligned to 8 give
    /// 0, 8, 16.
    /// </summary>
    /// <inheritdoc cref="WriteCuSeqLens"/>
    public void WritePaddedCuSeqLens(Span<int> offsets) => WriteOffsets(offsets, Alignment, end: SlotCount);

    /// <summary>
    /// The weight of each slot's label in the loss, as the caller has it for each token; 0 where there is no label. The first token of a
    /// document is no label, so its weight is unused.
    /// </summary>
    /// <param name="slots">The weights by slot, as <see cref="WriteTokens"/> leaves them.</param>
    /// <param name="weights">Takes them, <see cref="SlotCount"/>.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void WriteLossWeights(ReadOnlySpan<float> slots, Span<float> weights)
    {
        Check(slots.Length, SlotCount, nameof(slots));
        Shift(slots, weights, 0, nameof(weights));
    }

    /// <summary>
    /// Makes the weights of each document sum to <paramref name="scale"/>, so that a long document counts no more than a short one: 1/N for
    /// each of N labels where they are equal. LongAlign (Bai et al. 2024) scales by packs / documents, with which a mean over packs is the
    /// mean over documents. A document whose weights are all 0 keeps them.
    /// </summary>
    /// <param name="weights">As <see cref="WriteLossWeights"/> leaves them, or what <see cref="WriteLabelMask"/> leaves.</param>
    /// <param name="scale">What each document's weights sum to.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void NormalizeLossWeights(Span<float> weights, double scale = 1)
    {
        Check(weights.Length, SlotCount, nameof(weights));
        foreach (var length in Lengths)
        {
            double sum = 0;
            foreach (var weight in weights[..length])
                sum += weight;
            if (sum > 0)
                foreach (ref var weight in weights[..length])
                    weight = (float)(weight * scale / sum);
            weights = weights[(int)RoundUp(length, Alignment)..];
        }
    }

    /// <summary>1 for each slot that has a label, 0 for the others.</summary>
    /// <param name="weights">Takes them, <see cref="SlotCount"/>.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void WriteLabelMask(Span<float> weights)
    {
        Check(weights.Length, SlotCount, nameof(weights));
        weights.Clear();
        foreach (var length in Lengths)
        {
            weights[..Math.Max(0, length - 1)].Fill(1);
            weights = weights[(int)RoundUp(length, Alignment)..];
        }
    }

    private void Shift<T>(ReadOnlySpan<T> slots, Span<T> labels, T none, string argument)
    {
        Check(labels.Length, SlotCount, argument);
        labels.Fill(none);
        foreach (var length in Lengths)
        {
            if (length > 1)
                slots[1..length].CopyTo(labels);
            var next = (int)RoundUp(length, Alignment);
            slots = slots[next..];
            labels = labels[next..];
        }
    }

    private void WriteOffsets(Span<int> offsets, int alignment, int end)
    {
        if (offsets.Length <= Lengths.Length)
            throw new ArgumentException($"{Lengths.Length} documents have {Lengths.Length + 1} offsets, not {offsets.Length}.",
                nameof(offsets));
        var start = 0;
        for (var document = 0; document < Lengths.Length; document++)
        {
            offsets[document] = start;
            start += (int)RoundUp(Lengths[document], alignment);
        }
        offsets[Lengths.Length..].Fill(end);
    }

    private static long RoundUp(long value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static void Check(int length, int wanted, string argument)
    {
        if (length != wanted)
            throw new ArgumentException($"The span has {length} elements, not {wanted}.", argument);
    }
}
