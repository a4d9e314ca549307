using System.Text;
using MathNet.Numerics.Statistics;

namespace PackingKit;

/// <summary>Several strategies on the same problems, side by side.</summary>
/// <remarks>Immutable. Strategies run one after the other on one thread, each problem with every strategy before the next, so that noise falls on all alike.</remarks>
/// <example><code>Console.WriteLine(StrategyComparison.Run([new BestFitDecreasing(), new CpSat(options)], problems).ToMarkdown());</code></example>
public sealed class StrategyComparison
{
    private StrategyComparison(IReadOnlyList<StrategyFigures> rows) => Rows = rows;

    /// <summary>One row a strategy, in the order in which they were given.</summary>
    public IReadOnlyList<StrategyFigures> Rows { get; }

    /// <summary>Packs every problem with every strategy.</summary>
    /// <param name="strategies">At least one.</param>
    /// <param name="problems">At least one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There is no strategy or no problem.</exception>
    /// <exception cref="InvalidPackingException">A strategy returned something that is no packing.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public static StrategyComparison Run(
        IEnumerable<IPackingStrategy> strategies, IEnumerable<PackingProblem> problems, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(strategies);
        ArgumentNullException.ThrowIfNull(problems);
        Validated[] checkedStrategies = [.. strategies.Select(strategy => new Validated(strategy))];
        if (checkedStrategies.Length == 0)
            throw new ArgumentException("There is no strategy to compare.", nameof(strategies));

        List<Outcome[]> byProblem = [];
        foreach (var problem in problems)
        {
            var results = Array.ConvertAll(checkedStrategies, strategy => strategy.Pack(problem, progress: null, cancellationToken));
            // A bound holds for the problem, whoever proved it: all are measured against the best.
            var bound = results.Max(result => result.LowerBound);
            byProblem.Add(Array.ConvertAll(results, result => new Outcome(
                result.BinCount, result.BinCount - bound, PackingMetrics.Of(problem, result.Packing).Fill, result.Elapsed.TotalMilliseconds)));
        }
        if (byProblem.Count == 0)
            throw new ArgumentException("There is no problem to compare on.", nameof(problems));
        return new StrategyComparison(
            [.. checkedStrategies.Select((strategy, i) => Figures(strategy.Name, [.. byProblem.Select(outcomes => outcomes[i])]))]);
    }

    /// <summary>The rows as a table in Markdown.</summary>
    public string ToMarkdown()
    {
        var table = new StringBuilder("| strategy | problems | bins | above bound | optimal | fill | ms, median | ms, 95 % | ms, most |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in Rows)
            table.Append(
                $"| {row.Strategy} | {row.Problems} | {row.Bins} | {row.Gap} | {row.Optimal} | {100 * row.MeanFill:F3} % | {row.MedianMilliseconds:G3} | {row.Percentile95Milliseconds:G3} | {row.MostMilliseconds:G3} |\n");
        return table.ToString();
    }

    private static StrategyFigures Figures(string strategy, Outcome[] outcomes)
    {
        var times = Array.ConvertAll(outcomes, outcome => outcome.Milliseconds);
        return new StrategyFigures(
            strategy, outcomes.Length, outcomes.Sum(outcome => (long)outcome.Bins), outcomes.Sum(outcome => outcome.Gap), outcomes.Count(outcome => outcome.Gap == 0),
            outcomes.Select(outcome => outcome.Fill).Mean(), times.Median(), times.Percentile(95), times.Maximum());
    }

    private readonly record struct Outcome(int Bins, long Gap, double Fill, double Milliseconds);
}

/// <summary>Figures of one strategy over all problems of a comparison.</summary>
/// <param name="Strategy">Name of the strategy.</param>
/// <param name="Problems">Number of problems.</param>
/// <param name="Bins">Bins over all problems.</param>
/// <param name="Gap">Bins above the best lower bound that any of the strategies proved, over all problems.</param>
/// <param name="Optimal">Number of problems where that gap is 0.</param>
/// <param name="MeanFill">Mean share of the room that items fill, from 0 to 1.</param>
/// <param name="MedianMilliseconds">Median time of a problem.</param>
/// <param name="Percentile95Milliseconds">Time that 95 of 100 problems stay below.</param>
/// <param name="MostMilliseconds">The longest time of a problem.</param>
public sealed record StrategyFigures(
    string Strategy, int Problems, long Bins, long Gap, int Optimal, double MeanFill,
    double MedianMilliseconds, double Percentile95Milliseconds, double MostMilliseconds);
