using System.Diagnostics;

namespace PackingKit;

/// <summary>
/// The cheap ladder: best-fit decreasing, MBS', first-fit decreasing, fill2 and best two fit on one histogram, until one of them meets the
/// lower bound.
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
    private static readonly IPlanningStrategy[] Ladder =
        [new BestFitDecreasing(), new MinimumBinSlackPrime(), new FirstFitDecreasing(), new FillTwo(), new BestTwoFit()];

    /// <inheritdoc/>
    public string Name => "auto";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Planning.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, long capacity, int? maxItemsPerBin = null,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        PlanningResult? best = null;
        foreach (var strategy in Ladder)
        {
            var result = strategy.Plan(histogram, capacity, maxItemsPerBin, progress: null, cancellationToken);
            if (best is not null && result.Plan.BinCount >= best.Plan.BinCount)
                continue;
            best = best is null ? Raised(result) : result with { LowerBound = best.LowerBound, BoundRule = best.BoundRule };
            progress?.Report(new PackingProgress(strategy.Name, best.Plan.BinCount, best.LowerBound, clock.Elapsed));
            if (best.Gap == 0)
                break;
        }
        return best! with { Strategy = Name, StopReason = best.Gap == 0 ? StopReason.BoundReached : StopReason.Completed, Elapsed = clock.Elapsed };
    }

    /// <summary>Before a second plan is made, the dual feasible functions may prove the first one optimal.</summary>
    private static PlanningResult Raised(PlanningResult result)
    {
        if (result.Gap == 0)
            return result;
        var bound = LowerBounds.DualFeasible(result.Plan.Histogram, result.Plan.Capacity, result.Plan.MaxItemsPerBin);
        return bound > result.LowerBound ? result with { LowerBound = bound, BoundRule = "DFF" } : result;
    }
}
