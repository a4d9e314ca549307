namespace PackingKit;

/// <summary>
/// Packing at scale with a certificate: never more bins than best-fit decreasing, and a bound from column generation that the packing
/// usually meets.
/// </summary>
/// <remarks>
/// <para>Guarantee: never more bins than best-fit decreasing, nor, unless the time limit cuts in, than <c>auto</c>
/// (<see cref="Automatic"/>). Where column generation comes to its end, the lower bound is at least that of the Gilmore-Gomory relaxation.
/// The status is optimal only where bins and bound, both integers, meet.</para>
/// <para>Complexity: depends on the number D of distinct sizes, not on the number of items: a few rounds of a D x capacity table and a
/// linear program of D rows.</para>
/// <para>Ties: items of one size take their places in input order; which of several packings is found depends on the seed.</para>
/// <para>Deterministic for a seed as long as no time limit cuts in; thread-safe. Honours the item limit. Above 20,000 distinct sizes only
/// the heuristics run, with <see cref="StopReason.WorkLimit"/>.</para>
/// <para>Reference: P. C. Gilmore, R. E. Gomory, Operations Research 9, 1961; J. M. Valerio de Carvalho, INFORMS J. Computing 17, 2005
/// (exchange columns).</para>
/// </remarks>
/// <example><code>
/// var problem = PackingProblem.Create([6, 5, 4, 3, 2], 10);
/// var result = new TightPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Pack(problem);
/// </code></example>
/// <param name="options">Time limit, workers and seed; <see cref="SearchOptions.Default"/> where none are given.</param>
public sealed class TightPacking(SearchOptions? options = null) : IPlanningStrategy
{
    private readonly SearchOptions _options = options ?? SearchOptions.Default;

    /// <inheritdoc/>
    public string Id => "tight";

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
            search => search.Run(SearchTuning.TightDives, prove: false));
}
