namespace PackingKit;

/// <summary>Batches so small that their working state lives on the stack and a scan of all bins beats every index.</summary>
internal static class SmallBatch
{
    public const int MaxItems = 1024;

    /// <summary>
    /// Sets one of a whole number of vectors of words by writing its vector: the next scan reads vectors, and a processor passes on at once
    /// what was written in the width that is read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set<TWord>(Span<TWord> words, int index, TWord word)
        where TWord : struct, IBinaryInteger<TWord>
    {
        var lane = index % Vector512<TWord>.Count;
        Debug.Assert((uint)index < (uint)words.Length && index - lane + Vector512<TWord>.Count <= words.Length);
        ref var vector = ref Unsafe.Add(ref MemoryMarshal.GetReference(words), index - lane);
        var isWord = Vector512.Equals(Vector512<TWord>.Indices, Vector512.Create(TWord.CreateTruncating(lane)));
        Vector512.ConditionalSelect(isWord, Vector512.Create(word), Vector512.LoadUnsafe(ref vector)).StoreUnsafe(ref vector);
    }
}
