using System.Numerics;

namespace PackingKit;

/// <summary>
/// Puts prompts in an order in which those that begin alike stand together. Large groups are dealt by the symbol after what all of them
/// share; the rest is a merge sort that keeps, for each prompt, how many symbols it shares with the one before it and the symbol after
/// them, and never compares those again (Ng, Kakehi 2008; Bingmann, Eberle, Sanders 2017). O(symbols + n log n) time; most steps touch no
/// prompt.
/// </summary>
internal static class PrefixSort
{
    /// <summary>Dealing pays where its counts are few beside the prompts.</summary>
    private const int MinDealt = 64;

    /// <summary>A prompt, what it shares with the one before it, and the number of its first symbol after that.</summary>
    private readonly record struct Entry(int Prompt, int Shared, long Symbol);

    /// <summary>
    /// The prompts in order, one that begins another before it, equal ones in input order, and what each shares with the one before it (the
    /// first: 0).
    /// </summary>
    public static (int[] Order, int[] Shared) Sort<TRows>(TRows rows)
        where TRows : struct, IPromptRows
    {
        var (entries, others) = (new Entry[rows.Count], new Entry[rows.Count]);
        for (var prompt = 0; prompt < entries.Length; prompt++)
            entries[prompt] = new Entry(prompt, 0, rows.Symbol(prompt, 0));
        Sort(rows, entries, others, 0);
        var (order, shared) = (new int[entries.Length], new int[entries.Length]);
        for (var i = 0; i < entries.Length; i++)
            (order[i], shared[i]) = (entries[i].Prompt, entries[i].Shared);
        if (shared.Length > 0)
            shared[0] = 0;
        return (order, shared);
    }

    /// <summary>Sorts prompts that share their first symbols, as many as are known; the symbols are those after them.</summary>
    private static void Sort<TRows>(TRows rows, Span<Entry> entries, Span<Entry> others, int known)
        where TRows : struct, IPromptRows
    {
        if (entries.Length < MinDealt)
        {
            MergeSort(rows, entries, others);
            return;
        }
        known = Extend(rows, entries, known);
        var starts = Deal(entries, others);
        others.CopyTo(entries);
        for (var deal = 0; deal + 1 < starts.Length; deal++)
        {
            var part = starts[deal]..starts[deal + 1];
            var count = starts[deal + 1] - starts[deal];
            if (count == 0)
                continue;
            // Of a large part dealing might take off little, again and again: not so if every part is at most half of the last.
            if (count > 1 && count <= entries.Length / 2)
                Sort(rows, entries[part], others[part], known);
            else if (count > 1)
                MergeSort(rows, entries[part], others[part]);
            entries[starts[deal]] = entries[starts[deal]] with { Shared = known };
        }
    }

    /// <summary>Symbols that all share, which are known to be some; the entries go on from there.</summary>
    private static int Extend<TRows>(TRows rows, Span<Entry> entries, int known)
        where TRows : struct, IPromptRows
    {
        var shared = int.MaxValue;
        foreach (var entry in entries[1..])
        {
            shared = entry.Symbol == entries[0].Symbol ? rows.Shared(entries[0].Prompt, entry.Prompt, known, shared) : known;
            if (shared == known)
                return known;
        }
        foreach (ref var entry in entries)
            entry = new Entry(entry.Prompt, shared, rows.Symbol(entry.Prompt, shared));
        return shared;
    }

    /// <summary>Puts entries of one symbol together, those whose prompts have ended first, each part in the order at hand.</summary>
    /// <returns>Where each part starts, and the number of entries.</returns>
    private static int[] Deal(ReadOnlySpan<Entry> entries, Span<Entry> dealt)
    {
        var bits = BitOperations.Log2((uint)entries.Length) - 2;
        var starts = new int[(1 << bits) + 2];
        foreach (var entry in entries)
            starts[PartOf(entry.Symbol, bits) + 1]++;
        for (var part = 1; part < starts.Length; part++)
            starts[part] += starts[part - 1];
        var next = starts.AsSpan(..^1).ToArray();
        foreach (var entry in entries)
            dealt[next[PartOf(entry.Symbol, bits)]++] = entry;
        return starts;

        static int PartOf(long symbol, int bits) =>
            symbol == long.MinValue ? 0 : 1 + (int)((ulong)symbol * 0x9E3779B97F4A7C15 >> (64 - bits));
    }

    private static void MergeSort<TRows>(TRows rows, Span<Entry> entries, Span<Entry> others)
        where TRows : struct, IPromptRows
    {
        var from = entries;
        var to = others;
        for (long width = 1; width < entries.Length; width *= 2)
        {
            for (long start = 0; start < entries.Length; start += 2 * width)
            {
                var (middle, end) = ((int)Math.Min(entries.Length, start + width), (int)Math.Min(entries.Length, start + (2 * width)));
                Merge(rows, from[(int)start..middle], from[middle..end], to[(int)start..end]);
            }
            var swapped = from;
            from = to;
            to = swapped;
        }
        if (from != entries)
            from.CopyTo(entries);
    }

    private static void Merge<TRows>(TRows rows, ReadOnlySpan<Entry> left, ReadOnlySpan<Entry> right, Span<Entry> to)
        where TRows : struct, IPromptRows
    {
        if (right.IsEmpty)
        {
            left.CopyTo(to);
            return;
        }
        // The heads of both runs, and what they share with the prompt that was put out last.
        var (first, second) = (left[0], right[0]);
        int fromLeft = 0, fromRight = 0, at = 0;
        while (true)
        {
            // The head that shares more with the last one is nearer to it, hence first; where both share as much, their next symbols tell.
            var takeLeft = first.Shared != second.Shared ? first.Shared > second.Shared : first.Symbol < second.Symbol;
            if (first.Shared == second.Shared && first.Symbol == second.Symbol)
            {
                var shared = rows.Shared(first.Prompt, second.Prompt, first.Shared, int.MaxValue);
                var (ofFirst, ofSecond) = (rows.Symbol(first.Prompt, shared), rows.Symbol(second.Prompt, shared));
                takeLeft = ofFirst < ofSecond || (ofFirst == ofSecond && rows.Compare(first.Prompt, second.Prompt, shared) <= 0);
                // The one that stays is compared with the one that goes from now on.
                to[at++] = takeLeft ? first : second;
                if (takeLeft)
                    second = new Entry(second.Prompt, shared, ofSecond);
                else
                    first = new Entry(first.Prompt, shared, ofFirst);
            }
            else
            {
                to[at++] = takeLeft ? first : second;
            }
            if (takeLeft)
            {
                if (++fromLeft == left.Length)
                {
                    to[at++] = second;
                    right[(fromRight + 1)..].CopyTo(to[at..]);
                    return;
                }
                first = left[fromLeft];
            }
            else
            {
                if (++fromRight == right.Length)
                {
                    to[at++] = first;
                    left[(fromLeft + 1)..].CopyTo(to[at..]);
                    return;
                }
                second = right[fromRight];
            }
        }
    }
}
