namespace PackingKit;

/// <summary>The catalogue of strategies by short id.</summary>
public static class PackingStrategies
{
    private static readonly Entry[] Catalogue =
    [
        new("nf", "next-fit", _ => new NextFit()),
        new("ff", "first-fit", _ => new FirstFit()),
        new("bf", "best-fit", _ => new BestFit()),
        new("wf", "worst-fit", _ => new WorstFit()),
        new("nfd", "next-fit decreasing", _ => new NextFitDecreasing()),
        new("ffd", "first-fit decreasing", _ => new FirstFitDecreasing()),
        new("bfd", "best-fit decreasing", _ => new BestFitDecreasing()),
        new("wfd", "worst-fit decreasing", _ => new WorstFitDecreasing()),
        new("mffd", "modified first-fit decreasing", _ => new ModifiedFirstFitDecreasing()),
        new("b2f", "best two fit", _ => new BestTwoFit()),
        new("fill2", "fill by an exact item, an exact pair, else the largest", _ => new FillTwo()),
        new("mbs", "minimum bin slack", _ => new MinimumBinSlack()),
        new("mbs-prime", "minimum bin slack, largest item fixed", _ => new MinimumBinSlackPrime()),
        new("harmonic", "harmonic with 12 classes", _ => new Harmonic()),
        new("auto", "best-fit, first-fit, fill2 and MBS' until the bound is met", _ => new Automatic()),
        new("cp-sat", "exact, the plain model by CP-SAT", options => new CpSat(options)),
        new("tight", "certified packing at scale by column generation", options => new TightPacking(options)),
        new("exact", "exact packing by column generation and branch and price", options => new ExactPacking(options)),
    ];

    /// <summary>The short ids, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Ids { get; } = Array.AsReadOnly(Array.ConvertAll(Catalogue, entry => entry.Id));

    /// <summary>What an id stands for, in words: "first-fit decreasing".</summary>
    /// <exception cref="ArgumentException">No strategy has the id; the message lists those there are.</exception>
    public static string Describe(string id) => Find(id).Description;

    /// <summary>A strategy by its id.</summary>
    /// <param name="id">One of <see cref="Ids"/>.</param>
    /// <param name="options">For strategies that search; the others take no notice.</param>
    /// <exception cref="ArgumentException">No strategy has the id; the message lists those there are.</exception>
    public static IPackingStrategy Create(string id, SearchOptions? options = null) => Find(id).Create(options ?? SearchOptions.Default);

    private static Entry Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Array.Find(Catalogue, entry => entry.Id == id)
            ?? throw new ArgumentException($"There is no strategy '{id}'; there are {string.Join(", ", Ids)}.", nameof(id));
    }

    private sealed record Entry(string Id, string Description, Func<SearchOptions, IPackingStrategy> Create);
}
