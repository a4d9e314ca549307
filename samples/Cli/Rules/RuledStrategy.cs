using System.Diagnostics;

namespace PackingKit.Cli;

/// <summary>A strategy with rules as one for the sizes alone, for all that shows its packing.</summary>
internal sealed class RuledStrategy(IConstrainedStrategy strategy, ConstrainedProblem ruled, string file) : IPackingStrategy
{
    public string Id => strategy.Id;

    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        var result = strategy.Pack(ruled, cancellationToken);
        if (!result.HasPacking)
            throw new InputException(file, 0, result.Status == ConstrainedStatus.Infeasible
                ? "There is no packing: bins cannot all have their least load."
                : "No packing was found in which all bins have their least load; there may be one.");
        return new PackingResult
        {
            Problem = problem,
            Packing = result.ToPacking(),
            Bound = result.Bound,
            Strategy = Id,
            StopReason = result.StopReason,
            Elapsed = clock.Elapsed,
        };
    }
}
