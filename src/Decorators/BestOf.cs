using System.Diagnostics;

namespace PackingKit;

/// <summary>
/// Runs several strategies in turn and keeps the packing with the fewest bins, with the highest bound that any of them proved.
/// </summary>
/// <remarks>
/// <para>Guarantee: never more bins than any of the strategies. As soon as the fewest bins meet the highest bound, the rest are not run, so
/// put cheap strategies first.</para>
/// <para>Cost: the sum of those that ran. Ties: the packing of the earlier strategy. Deterministic and thread-safe where the strategies
/// are.</para>
/// </remarks>
/// <example><code>var result = new BestOf(new BestFitDecreasing(), new FirstFitDecreasing(), new CpSat(options)).Pack(problem);</code></example>
public sealed class BestOf : IPackingStrategy
{
    private readonly IPackingStrategy[] _strategies;

    /// <summary>A portfolio, in the order in which it is run.</summary>
    /// <exception cref="ArgumentException">There is no strategy, or one is <see langword="null"/>.</exception>
    public BestOf(params IEnumerable<IPackingStrategy> strategies)
    {
        ArgumentNullException.ThrowIfNull(strategies);
        _strategies = [.. strategies];
        if (_strategies.Length == 0)
            throw new ArgumentException("A portfolio needs a strategy.", nameof(strategies));
        if (Array.IndexOf(_strategies, null) is >= 0 and var index)
            throw new ArgumentException($"Strategy {index} is null.", nameof(strategies));
        Name = $"best-of({string.Join(",", _strategies.Select(strategy => strategy.Name))})";
    }

    /// <summary>"best-of(bfd,ffd)": the names of the strategies, in order.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        PackingResult? best = null;
        foreach (var strategy in _strategies)
        {
            var result = strategy.Pack(problem, progress is null ? null : new Merged(progress, best, clock), cancellationToken);
            best = best is null ? result : Better(best, result);
            if (best.Gap == 0)
                break;
        }
        return best! with { Strategy = Name, StopReason = best.Gap == 0 ? StopReason.BoundReached : best.StopReason, Elapsed = clock.Elapsed };
    }

    private static PackingResult Better(PackingResult first, PackingResult second)
    {
        var fewest = second.BinCount < first.BinCount ? second : first;
        var highest = second.LowerBound > first.LowerBound ? second : first;
        return fewest with { LowerBound = highest.LowerBound, BoundRule = highest.BoundRule, Duals = highest.Duals };
    }

    /// <summary>
    /// Tells of one strategy's progress on top of what the earlier ones found, so that bins never rise and bounds never fall.
    /// </summary>
    private sealed class Merged(IProgress<PackingProgress> progress, PackingResult? best, Stopwatch clock) : IProgress<PackingProgress>
    {
        public void Report(PackingProgress value) => progress.Report(value with
        {
            Bins = Math.Min(value.Bins, best?.BinCount ?? long.MaxValue),
            LowerBound = Math.Max(value.LowerBound, best?.LowerBound ?? 0),
            Elapsed = clock.Elapsed,
        });
    }
}
