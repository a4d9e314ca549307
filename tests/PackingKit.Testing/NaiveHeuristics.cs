namespace PackingKit.Testing;

/// <summary>The eight heuristics as their definitions read, in quadratic time: every item looks at every bin.</summary>
public static class NaiveHeuristics
{
    public static readonly IReadOnlyList<string> Ids = ["nf", "ff", "bf", "wf", "nfd", "ffd", "bfd", "wfd"];

    private delegate Bin? Choice(IReadOnlyList<Bin> open, long size);

    /// <summary>The order in which a heuristic meets the items: as they come, or in decreasing size, equal sizes as they come.</summary>
    public static int[] Order(string id, PackingCase of)
    {
        var items = Enumerable.Range(0, of.Sizes.Length);
        return [.. id.EndsWith('d') ? items.OrderByDescending(item => of.Sizes[item]).ThenBy(item => item) : items];
    }

    /// <summary>The bin of each item.</summary>
    public static int[] Assign(string id, PackingCase of)
    {
        Choice choice = id[..2] switch
        {
            "nf" => NextFit,
            "ff" => FirstFit,
            "bf" => BestFit,
            "wf" => WorstFit,
            _ => throw new ArgumentException($"'{id}' is not a heuristic.", nameof(id)),
        };
        List<Bin> bins = [];
        var binOfItem = new int[of.Sizes.Length];
        foreach (var item in Order(id, of))
        {
            var size = of.Sizes[item];
            var candidates = choice == NextFit ? bins.TakeLast(1) : bins;
            var chosen = choice([.. candidates.Where(bin => bin.Items < of.ItemLimit)], size);
            if (chosen is null)
                bins.Add(chosen = new Bin(bins.Count, of.Capacity));
            chosen.Room -= size;
            chosen.Items++;
            binOfItem[item] = chosen.Index;
        }
        return binOfItem;
    }

    private static Bin? NextFit(IReadOnlyList<Bin> open, long size) => open.LastOrDefault(bin => bin.Room >= size);

    private static Bin? FirstFit(IReadOnlyList<Bin> open, long size) => open.FirstOrDefault(bin => bin.Room >= size);

    private static Bin? BestFit(IReadOnlyList<Bin> open, long size) =>
        open.Where(bin => bin.Room >= size).MinBy(bin => (bin.Room, bin.Index));

    private static Bin? WorstFit(IReadOnlyList<Bin> open, long size) =>
        open.Where(bin => bin.Room >= size).MaxBy(bin => (bin.Room, -bin.Index));

    private sealed class Bin(int index, long room)
    {
        public int Index { get; } = index;

        public long Room { get; set; } = room;

        public int Items { get; set; }
    }
}
