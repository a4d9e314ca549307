namespace PackingKit.Samples.Training;

/// <summary>Lengths of documents, four bytes each; a sink where tokens are not wanted.</summary>
internal sealed class LengthList : IDocumentSink
{
    /// <summary>A document this long is a mistake in the file; below it no sum of a pack's or a piece's ends overflows.</summary>
    public const int MaxLength = 1 << 30;

    private int[] _lengths = [];

    public int Count { get; private set; }

    public bool WantsTokens => false;

    /// <summary>Tokens that framing adds to each document that has any.</summary>
    public int Frame { get; init; }

    public ReadOnlyMemory<int> Memory => _lengths.AsMemory(0, Count);

    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights) => AddLength(tokens.Length);

    public void AddLength(long length)
    {
        if (length is < 0 or > MaxLength)
            throw new FormatException($"Document {Count} has {length} tokens, outside 0..{MaxLength}.");
        if (Count == _lengths.Length)
            Grow(Count + 1);
        _lengths[Count++] = Framed(length);
    }

    public void AddLengths(ReadOnlySpan<long> lengths)
    {
        if (lengths.IndexOfAnyExceptInRange(0, MaxLength) is var wrong and >= 0)
            throw new FormatException($"Document {Count + wrong} has {lengths[wrong]} tokens, outside 0..{MaxLength}.");
        if (_lengths.Length - Count < lengths.Length)
            Grow(Count + lengths.Length);
        var added = _lengths.AsSpan(Count, lengths.Length);
        for (var i = 0; i < added.Length; i++)
            added[i] = Framed(lengths[i]);
        Count += added.Length;
    }

    /// <summary>Makes place for so many more at once, so that none is moved.</summary>
    public void Reserve(int more)
    {
        if (MemoryNeed.Refusal((long)Count + more, PackJob.BytesPerDocument) is { } refusal)
            throw new FormatException(refusal);
        if (_lengths.Length - Count < more)
            Array.Resize(ref _lengths, Count + more);
    }

    private int Framed(long length) => length == 0 ? 0 : (int)length + Frame;

    private void Grow(int least)
    {
        if (MemoryNeed.Refusal(least, PackJob.BytesPerDocument) is { } refusal)
            throw new FormatException(refusal);
        Array.Resize(ref _lengths, (int)Math.Min(Array.MaxLength, Math.Max(1024, least + least / 2L)));
    }
}
