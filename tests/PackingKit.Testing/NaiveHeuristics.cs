namespace PackingKit.Testing;

/// <summary>The eight heuristics as their definitions read, in quadratic time: every item looks at every bin.</summary>
internal static class NaiveHeuristics
{
    private delegate Bin? Choice(IReadOnlyList<Bin> bins, Func<Bin, bool> takesIt);

    [OracleOf("nf")]
    public static int[] NextFit(PackingCase of) => Assign(of, InputOrder(of), Last);

    [OracleOf("ff")]
    public static int[] FirstFit(PackingCase of) => Assign(of, InputOrder(of), First);

    [OracleOf("bf")]
    public static int[] BestFit(PackingCase of) => Assign(of, InputOrder(of), Fullest);

    [OracleOf("wf")]
    public static int[] WorstFit(PackingCase of) => Assign(of, InputOrder(of), Emptiest);

    [OracleOf("nfd")]
    public static int[] NextFitDecreasing(PackingCase of) => Assign(of, DecreasingOrder(of), Last);

    [OracleOf("ffd")]
    public static int[] FirstFitDecreasing(PackingCase of) => Assign(of, DecreasingOrder(of), First);

    [OracleOf("bfd")]
    public static int[] BestFitDecreasing(PackingCase of) => Assign(of, DecreasingOrder(of), Fullest);

    [OracleOf("wfd")]
    public static int[] WorstFitDecreasing(PackingCase of) => Assign(of, DecreasingOrder(of), Emptiest);

    /// <summary>The items as they come.</summary>
    public static int[] InputOrder(PackingCase of) => [.. Enumerable.Range(0, of.Sizes.Length)];

    /// <summary>The items in decreasing size, equal sizes as they come.</summary>
    public static int[] DecreasingOrder(PackingCase of) => [.. InputOrder(of).OrderByDescending(item => of.Sizes[item])];

    private static int[] Assign(PackingCase of, int[] order, Choice choice)
    {
        List<Bin> bins = [];
        var binOfItem = new int[of.Sizes.Length];
        foreach (var item in order)
        {
            var size = of.Sizes[item];
            var chosen = choice(bins, bin => bin.Residual >= size && bin.Items < of.Limits.MaxItems);
            if (chosen is null)
                bins.Add(chosen = new Bin(bins.Count, of.Capacity));
            chosen.Residual -= size;
            chosen.Items++;
            binOfItem[item] = chosen.Index;
        }
        return binOfItem;
    }

    private static Bin? Last(IReadOnlyList<Bin> bins, Func<Bin, bool> takesIt) => bins.TakeLast(1).FirstOrDefault(takesIt);

    private static Bin? First(IReadOnlyList<Bin> bins, Func<Bin, bool> takesIt) => bins.FirstOrDefault(takesIt);

    private static Bin? Fullest(IReadOnlyList<Bin> bins, Func<Bin, bool> takesIt) =>
        bins.Where(takesIt).MinBy(bin => (bin.Residual, bin.Index));

    private static Bin? Emptiest(IReadOnlyList<Bin> bins, Func<Bin, bool> takesIt) =>
        bins.Where(takesIt).MaxBy(bin => (bin.Residual, -bin.Index));

    private sealed class Bin(int index, long residual)
    {
        public int Index { get; } = index;

        public long Residual { get; set; } = residual;

        public int Items { get; set; }
    }
}
