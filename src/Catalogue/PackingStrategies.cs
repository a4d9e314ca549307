namespace PackingKit;

/// <summary>The catalogue of strategies by short id.</summary>
public static class PackingStrategies
{
    // Dósa, Sgall 2014; Dósa, Li, Han, Tuza 2013; Simchi-Levi 1994; the others by the fullness of two bins (docs/guarantees.md).
    private static readonly ProvedRatio
        TwiceLessOne = new(2, 1, -1), SeventeenTenths = new(17, 10), ThreeHalves = new(3, 2), ElevenNinths = new(11, 9, 6);

    /// <summary>Sizes that the searches for one full bin after the other get through in some seconds.</summary>
    private const int MostSlackSizes = 10_000;

    /// <summary>Sizes among which pairs are found in some seconds.</summary>
    private const int MostPairSizes = 50_000;

    /// <summary>All strategies, in the order of the documentation: one row each.</summary>
    public static ValueList<StrategyInfo> All { get; } =
    [
        Heuristic("nf", "next-fit", static () => new NextFit(), online: true, anyFit: false, TwiceLessOne),
        Heuristic("ff", "first-fit", static () => new FirstFit(), online: true, anyFit: true, TwiceLessOne, SeventeenTenths),
        Heuristic("bf", "best-fit", static () => new BestFit(), online: true, anyFit: true, TwiceLessOne, SeventeenTenths),
        Heuristic("wf", "worst-fit", static () => new WorstFit(), online: true, anyFit: true, TwiceLessOne),
        Heuristic("nfd", "next-fit decreasing", static () => new NextFitDecreasing(), online: false, anyFit: false, TwiceLessOne),
        Heuristic("ffd", "first-fit decreasing", static () => new FirstFitDecreasing(), online: false, anyFit: true,
            TwiceLessOne, ThreeHalves, ElevenNinths),
        Heuristic("bfd", "best-fit decreasing", static () => new BestFitDecreasing(), online: false, anyFit: true,
            TwiceLessOne, ThreeHalves),
        Heuristic("wfd", "worst-fit decreasing", static () => new WorstFitDecreasing(), online: false, anyFit: true, TwiceLessOne),
        Heuristic("mffd", "modified first-fit decreasing", static () => new ModifiedFirstFitDecreasing(), online: false, anyFit: false,
            TwiceLessOne),
        Heuristic("b2f", "best two fit", static () => new BestTwoFit(), online: false, anyFit: false, MostPairSizes, TwiceLessOne),
        Heuristic("fill2", "fill by an exact item, an exact pair, else the largest", static () => new FillTwo(),
            online: false, anyFit: false, MostPairSizes, TwiceLessOne),
        Heuristic("mbs", "minimum bin slack", static () => new MinimumBinSlack(), online: false, anyFit: false, MostSlackSizes,
            TwiceLessOne),
        Heuristic("mbs-prime", "minimum bin slack, largest item fixed", static () => new MinimumBinSlackPrime(),
            online: false, anyFit: false, MostSlackSizes, TwiceLessOne),
        Heuristic("harmonic", "harmonic with 12 classes", static () => new Harmonic(), online: true, anyFit: false),
        Heuristic("ss", "sum-of-squares", static () => new SumOfSquares(), online: true, anyFit: false),
        new("auto", Automatic.Words, _ => new Automatic())
        {
            MostSizes = MostPairSizes,
            Guarantees = [TwiceLessOne, ThreeHalves, ElevenNinths],
        },
        Search("cp-sat", "exact, the plain model by CP-SAT", options => new CpSat(options)),
        Search("tight", "certified packing at scale by column generation", options => new TightPacking(options)),
        Search("exact", "exact packing by column generation and branch and price", options => new ExactPacking(options)),
    ];

    /// <summary>The short ids, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Ids { get; } = Array.AsReadOnly(All.Select(info => info.Id).ToArray());

    /// <summary>The row of an id.</summary>
    /// <exception cref="ArgumentException">No strategy has the id; the message lists those there are.</exception>
    public static StrategyInfo Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        foreach (var info in All)
            if (info.Id == id)
                return info;
        throw new ArgumentException($"There is no strategy '{id}'; there are {string.Join(", ", Ids)}.", nameof(id));
    }

    /// <summary>A strategy by its id.</summary>
    /// <param name="id">One of <see cref="Ids"/>.</param>
    /// <param name="options">For strategies that search; the others ignore it.</param>
    /// <exception cref="ArgumentException">No strategy has the id; the message lists those there are.</exception>
    public static IPackingStrategy Create(string id, SearchOptions? options = null) => Find(id).Create(options);

    private static StrategyInfo Heuristic<TStrategy>(
        string id, string words, Func<TStrategy> create, bool online, bool anyFit, params ReadOnlySpan<ProvedRatio> guarantees)
        where TStrategy : IPackingStrategy, ISpanStrategy =>
        Heuristic(id, words, create, online, anyFit, int.MaxValue, guarantees);

    private static StrategyInfo Heuristic<TStrategy>(
        string id, string words, Func<TStrategy> create, bool online, bool anyFit, int mostSizes,
        params ReadOnlySpan<ProvedRatio> guarantees)
        where TStrategy : IPackingStrategy, ISpanStrategy =>
        new(id, words, _ => create())
        {
            IsOnline = online,
            IsAnyFit = anyFit,
            MostSizes = mostSizes,
            Guarantees = ValueList.Create(guarantees),
            Spans = new SpanOverloads.Of<TStrategy>(),
        };

    private static StrategyInfo Search(string id, string words, Func<SearchOptions, IPackingStrategy> create) =>
        new(id, words, create) { IsSearch = true, Guarantees = [TwiceLessOne, ThreeHalves] };
}
