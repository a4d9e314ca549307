namespace PackingKit;

/// <summary>
/// The cheap ladder: best-fit decreasing, MBS', first-fit decreasing, fill2 and best two fit on one histogram,
/// until one of them meets the lower bound.
/// </summary>
/// <remarks>
/// <para>Guarantee: never more bins than any of the five; so ≤ 11/9·OPT + 6/9 without item limit, as first-fit decreasing, unless an
/// earlier one is proved optimal.</para>
/// <para>Complexity: the sum of the plans that were made, on the histogram; the items are dealt once.</para>
/// <para>Ties: the plan of the earlier strategy.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more.</para>
/// <para>Reference: the portfolio of the benchmark in docs/benchmarks.md. For a portfolio of your own see <see cref="BestOf"/>.</para>
/// </remarks>
/// <example><code>var result = new Automatic().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class Automatic : IPlanningStrategy
{
    /// <summary>Searches start from it as well.</summary>
    internal static BestOf Ladder { get; } =
        new(new BestFitDecreasing(), new MinimumBinSlackPrime(), new FirstFitDecreasing(), new FillTwo(), new BestTwoFit());

    /// <summary>For the catalogue: what runs, in order.</summary>
    internal static string Words { get; } = $"the cheap ladder: {Ladder.Id}, until the bound is met";

    /// <inheritdoc/>
    public string Id => "auto";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Ladder.Plan(histogram, limits, progress, cancellationToken) with { Strategy = Id };
}
