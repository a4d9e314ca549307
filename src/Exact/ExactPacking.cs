namespace PackingKit;

/// <summary>
/// Exact packing: column generation, dives and branch and price, until the packing is proved optimal or the time limit cuts in.
/// </summary>
/// <remarks>
/// <para>Guarantee: run to its end, the packing is optimal, by an integer proof: prices checked by an exact knapsack, a tree with such
/// prices at its leaves (<see cref="Refutation"/>), or CP-SAT over every pattern that could matter, where the tree is not proved without
/// it in about as many nodes again. A linear solver's floats only guide. Stopped by the time limit, it is the best packing found, never
/// worse than best-fit decreasing, with the best bound.</para>
/// <para>Complexity: exponential in the worst case. Most instances of up to 500 items close within a second. Memory: at most about 0.3 GB
/// for one table, and the patterns.</para>
/// <para>Ties: items of one size take their places in input order; which of several optimal packings is found depends on the seed.</para>
/// <para>Deterministic for a seed and worker count as long as no time limit cuts in; thread-safe. Honours the item limit. Above 20,000
/// distinct sizes only the heuristics run, with <see cref="StopReason.WorkLimit"/>.</para>
/// <para>Reference: P. C. Gilmore, R. E. Gomory, Operations Research 9, 1961; D. M. Ryan, B. A. Foster, 1981; R. F. F. da Silva,
/// R. C. S. Schouery, INFORMS J. Computing, 2025.</para>
/// </remarks>
/// <example><code>
/// var problem = PackingProblem.Create([6, 5, 4, 3, 2], 10);
/// var result = new ExactPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Pack(problem);
/// </code></example>
/// <param name="options">Time limit, workers and seed; <see cref="SearchOptions.Default"/> where none are given.</param>
public sealed class ExactPacking(SearchOptions? options = null) : IPlanningStrategy
{
    private readonly SearchOptions _options = options ?? SearchOptions.Default;

    /// <inheritdoc/>
    public string Id => "exact";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        SearchPlanner.Plan(
            Id, histogram, limits, new SearchContext(_options, progress, LinearPrograms.Create, cancellationToken),
            search => search.Run(SearchTuning.ExactDives, prove: true));
}
