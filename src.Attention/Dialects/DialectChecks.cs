namespace PackingKit.Attention;

/// <summary>The checks that the dialects of other libraries share.</summary>
internal static class DialectChecks
{
    /// <summary>Lengths from cumulative lengths that start with 0 and rise.</summary>
    public static int[] Lengths(ValueList<int> cumulative, string name)
    {
        ArgumentNullException.ThrowIfNull(cumulative, name);
        if (cumulative.Count == 0 || cumulative[0] != 0)
            throw new ArgumentException("Cumulative lengths start with 0.", name);
        var lengths = new int[cumulative.Count - 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            if (cumulative[i + 1] <= cumulative[i])
                throw new ArgumentException(
                    $"Cumulative length {i + 1} is {cumulative[i + 1]}, not above the one before it, {cumulative[i]}.", name);
            lengths[i] = cumulative[i + 1] - cumulative[i];
        }
        return lengths;
    }

    /// <summary>Refuses layouts that a dialect of plain concatenation has no place for.</summary>
    public static void Concatenated(PackedLayout layout, string dialect)
    {
        ConcatenatedForest(layout, dialect);
        NoForest(layout, dialect);
    }

    /// <summary>The same, for a dialect that has a place for a forest.</summary>
    public static void ConcatenatedForest(PackedLayout layout, string dialect)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (!layout.IsTokenOrder || layout.RowCount != 1)
            throw new NotSupportedException(
                $"{dialect} has no place for rows, padding or another order than the given: lay the prompts out with PackedLayout.Flat.");
    }

    /// <summary>
    /// Refuses layouts that a dialect of fixed shapes has no place for: prompts must follow each other in the given order in one row, with
    /// padding behind the last alone, and must not be more than there is room for.
    /// </summary>
    public static void ConcatenatedIn(PackedLayout layout, int sequences, string dialect)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (sequences < layout.PromptCount)
            throw new ArgumentOutOfRangeException(
                nameof(sequences), sequences, $"There are {layout.PromptCount} prompts, but offsets for {sequences}.");
        var follow = layout.RowCount == 1;
        for (var segment = 0; follow && segment < layout.PromptCount; segment++)
            follow = layout.Segments[segment].Prompt == segment && layout.Segments[segment].Start == layout.CuSeqLens[segment];
        if (!follow)
            throw new NotSupportedException(
                $"{dialect} has no place for rows, padding between prompts or another order than the given: lay the prompts out with " +
                "PackedLayout.Flat.");
        NoForest(layout, dialect);
    }

    /// <summary>Cumulative lengths with empty sequences behind them up to a fixed number.</summary>
    public static ValueList<int> Padded(ReadOnlySpan<int> cumulative, int sequences)
    {
        var padded = new int[sequences + 1];
        padded.AsSpan().Fill(cumulative[^1]);
        cumulative.CopyTo(padded);
        return ValueList.Create<int>(padded);
    }

    /// <summary>Cumulative lengths without the empty sequences at their end.</summary>
    public static ValueList<int> WithoutEmptyEnd(ValueList<int> cumulative, string name)
    {
        ArgumentNullException.ThrowIfNull(cumulative, name);
        var count = cumulative.Count;
        while (count > 1 && cumulative[count - 1] == cumulative[count - 2])
            count--;
        return ValueList.Create(cumulative.AsSpan()[..count]);
    }

    /// <summary>Refuses layouts of a forest: cumulative lengths and segment numbers cannot say that a node sees its ancestors.</summary>
    public static void NoForest(PackedLayout layout, string dialect)
    {
        if (layout.IsForest)
            throw new NotSupportedException(
                $"{dialect} has no place for prompts that go on from each other: a node of a forest sees keys that lie elsewhere.");
    }

    /// <summary>Refuses layouts that go on from a cache.</summary>
    public static void NoPast(PackedLayout layout, string dialect)
    {
        NoForest(layout, dialect);
        if (layout.PastLengths.ContainsAnyExcept(0))
            throw new NotSupportedException($"{dialect} has no place for prompts that go on from earlier tokens.");
    }

    /// <summary>Lengths of queries and keys, or the exception that names the first prompt with fewer keys than queries.</summary>
    public static (int[] Queries, int[] Past) Past(int[] queries, ReadOnlySpan<int> keys, string name)
    {
        if (queries.Length != keys.Length)
            throw new ArgumentException($"There are {queries.Length} prompts of queries, but {keys.Length} of keys.", name);
        var past = new int[queries.Length];
        for (var prompt = 0; prompt < queries.Length; prompt++)
        {
            if (keys[prompt] < queries[prompt])
                throw new ArgumentException($"Prompt {prompt} has {keys[prompt]} keys for {queries[prompt]} queries.", name);
            past[prompt] = keys[prompt] - queries[prompt];
        }
        return (queries, past);
    }

    /// <summary>Refuses a number of cache slots other than that of tokens, a negative slot, and one that two tokens would go to.</summary>
    public static void CacheSlots(ReadOnlySpan<long> slots, int tokens, string name)
    {
        if (slots.Length != tokens)
            throw new ArgumentException($"There are {tokens} tokens, but {slots.Length} slots.", name);
        var tokenOf = new Dictionary<long, int>(tokens);
        for (var token = 0; token < tokens; token++)
        {
            if (slots[token] < 0)
                throw new ArgumentException($"Token {token} goes to slot {slots[token]}; slots are not negative.", name);
            if (!tokenOf.TryAdd(slots[token], token))
                throw new ArgumentException($"Tokens {tokenOf[slots[token]]} and {token} both go to slot {slots[token]}.", name);
        }
    }

    /// <summary>Cumulative sums from 0.</summary>
    public static ValueList<int> Cumulate(IEnumerable<int> lengths)
    {
        var sums = new List<int> { 0 };
        foreach (var length in lengths)
            sums.Add(sums[^1] + length);
        return [.. sums];
    }

    /// <summary>Number of keys of each prompt.</summary>
    public static IEnumerable<int> KeyLengths(PackedLayout layout)
    {
        for (var prompt = 0; prompt < layout.PromptCount; prompt++)
            yield return layout.PastLengths[prompt] + layout.Lengths[prompt];
    }
}
