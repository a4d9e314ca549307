namespace PackingKit;

/// <summary>Exact packing: column generation, dives and branch and price, until the packing is proved optimal or the time limit cuts in.</summary>
/// <remarks>TODO</remarks>
/// <example><code>var result = new ExactPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class ExactPacking : IPlanningStrategy
{
    private readonly SearchOptions _options;

    /// <summary>A strategy with options; without any there is no time limit.</summary>
    public ExactPacking(SearchOptions? options = null) => _options = options ?? SearchOptions.Default;

    /// <inheritdoc/>
    public string Name => "exact";

    /// <inheritdoc/>
    public PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Searching.Plan(
            Name, histogram, capacity, maxItemsPerBin, new SearchContext(_options, progress, LinearPrograms.Create, cancellationToken), search => search.Run(dives: 2, prove: true));
}
