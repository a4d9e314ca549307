namespace PackingKit;

/// <summary>Packing at scale with a certificate: never more bins than best-fit decreasing, with a bound from column generation that most often is met.</summary>
/// <remarks>TODO</remarks>
/// <example><code>var result = new TightPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class TightPacking : IPlanningStrategy
{
    private readonly SearchOptions _options;

    /// <summary>A strategy with options; without any there is no time limit.</summary>
    public TightPacking(SearchOptions? options = null) => _options = options ?? SearchOptions.Default;

    /// <inheritdoc/>
    public string Name => "tight";

    /// <inheritdoc/>
    public PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Searching.Plan(
            Name, histogram, capacity, maxItemsPerBin, new SearchContext(_options, progress, LinearPrograms.Create, cancellationToken), search => search.Run(dives: 20, prove: false));
}
