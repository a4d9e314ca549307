namespace PackingKit.Attention;

/// <summary>Where the keys lie that a layout's queries attend to: their own slots, or regions of a cache.</summary>
/// <param name="SlotCount">Slots of the key and value tensors.</param>
/// <param name="Starts">
/// Slot of each prompt's first key, in prompt order; where keys are shared, the place of that slot in <see cref="Table"/>.
/// </param>
/// <param name="Lengths">Number of each prompt's keys, those of the queries' own tokens included, in prompt order.</param>
/// <param name="AreQueries">Whether keys lie slot by slot where the queries lie.</param>
internal sealed record KeyLayout(int SlotCount, int[] Starts, int[] Lengths, bool AreQueries)
{
    /// <summary>
    /// The ranges of each prompt's keys in the order of positions, its own last, where prompts share keys; empty where each prompt's keys
    /// lie side by side.
    /// </summary>
    public IReadOnlyList<List<SlotRange>> Ranges { get; init; } = [];

    /// <summary>
    /// Slots of all prompts' keys, prompt by prompt in the order of positions, where prompts share keys; <see langword="null"/> where each
    /// prompt's keys lie side by side. Filled when first asked for.
    /// </summary>
    public int[]? Table
    {
        get => field ??= Ranges.Count == 0 ? null : TableOf(Ranges);
        init;
    }

    /// <summary>
    /// Where keys are shared, how many of each prompt's keys come before its own, which lie side by side; in prompt order.
    /// </summary>
    public int[] Shared { get; init; } = [];

    /// <summary>The same keys once they are gathered by <see cref="Table"/>: every prompt's own, side by side.</summary>
    public KeyLayout Gathered => Table is null ? this : new KeyLayout(Table.Length, Starts, Lengths, AreQueries: false);

    /// <summary>Of each prompt the keys that it does not share.</summary>
    public KeyLayout Own => Ranges.Count == 0 ? this : new KeyLayout(
        SlotCount, [.. Ranges.Select(own => own[^1].Start)], [.. Ranges.Select(own => own[^1].Length)], AreQueries);

    /// <summary>Every prompt's keys lie within the slots: CUDA kernels read them without a check.</summary>
    public bool Fits
    {
        get
        {
            var places = Table?.Length ?? SlotCount;
            if (Starts.Length != Lengths.Length)
                return false;
            for (var prompt = 0; prompt < Starts.Length; prompt++)
                if (Starts[prompt] < 0 || Lengths[prompt] < 1 || Starts[prompt] > places - Lengths[prompt])
                    return false;
            return Table is null || Table.All(slot => (uint)slot < (uint)SlotCount);
        }
    }

    public int MaxLength => Lengths.Length == 0 ? 0 : Lengths.Max();

    /// <summary>Attention of prompts to themselves and, in a forest, to the nodes that they go on from.</summary>
    public static KeyLayout Of(PackedLayout queries)
    {
        var ranges = new List<SlotRange>[queries.PromptCount];
        for (var prompt = 0; prompt < ranges.Length; prompt++)
        {
            var segment = queries.SegmentOf(prompt);
            List<SlotRange> before = queries.IsForest && queries.Parents[prompt] is >= 0 and var parent ? ranges[parent] : [];
            ranges[prompt] = [.. before, new SlotRange(segment.Start, segment.Length)];
        }
        return OfRanges(queries.SlotCount, ranges, areQueries: true);
    }

    /// <summary>Prompts whose keys lie in several ranges each, in the order of positions; some of them may be shared.</summary>
    public static KeyLayout OfRanges(int slotCount, IReadOnlyList<List<SlotRange>> ranges, bool areQueries)
    {
        var (starts, lengths) = (new int[ranges.Count], new int[ranges.Count]);
        if (ranges.All(own => own.Count == 1))
        {
            for (var prompt = 0; prompt < starts.Length; prompt++)
                (starts[prompt], lengths[prompt]) = ranges[prompt][0];
            return new KeyLayout(slotCount, starts, lengths, areQueries);
        }
        var shared = new int[starts.Length];
        long count = 0;
        for (var prompt = 0; prompt < starts.Length; prompt++)
        {
            var length = ranges[prompt].Sum(range => (long)range.Length);
            if (count + length > Array.MaxLength)
                throw new NotSupportedException($"The prompts see more keys than a table holds, {count + length}: take fewer at a time.");
            (starts[prompt], lengths[prompt]) = ((int)count, (int)length);
            shared[prompt] = lengths[prompt] - ranges[prompt][^1].Length;
            count += length;
        }
        return new KeyLayout(slotCount, starts, lengths, areQueries) { Ranges = ranges, Shared = shared };
    }

    /// <summary>Slot of a prompt's key at a position.</summary>
    public int Slot(int prompt, int position) => Table is null ? Starts[prompt] + position : Table[Starts[prompt] + position];

    private static int[] TableOf(IReadOnlyList<List<SlotRange>> ranges)
    {
        var (table, count) = (new int[ranges.Sum(own => own.Sum(range => range.Length))], 0);
        foreach (var own in ranges)
            foreach (var (start, length) in own)
                for (var i = 0; i < length; i++)
                    table[count++] = start + i;
        return table;
    }
}
