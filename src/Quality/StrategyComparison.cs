using System.Globalization;
using System.Text;
using MathNet.Numerics.Statistics;

namespace PackingKit;

/// <summary>Several strategies on the same problems, side by side.</summary>
/// <remarks>
/// Immutable. Strategies run one after the other on one thread, each problem with every strategy before
/// the next, so that noise falls on all alike.
/// </remarks>
/// <example><code>
/// Console.WriteLine(StrategyComparison.Run([new BestFitDecreasing(), new CpSat(options)], problems).ToMarkdown());
/// </code></example>
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
        IPackingStrategy[] compared = [.. strategies];
        if (compared.Length == 0)
            throw new ArgumentException("There is no strategy to compare.", nameof(strategies));
        if (Array.IndexOf(compared, null) is >= 0 and var missing)
            throw new ArgumentException($"Strategy {missing} is null.", nameof(strategies));

        List<Outcome[]> byProblem = [];
        foreach (var problem in problems)
        {
            if (problem is null)
                throw new ArgumentException($"Problem {byProblem.Count} is null.", nameof(problems));
            var results = Array.ConvertAll(compared, strategy => Pack(strategy, problem, cancellationToken));
            // A bound holds for the problem, whoever proved it: all are measured against the best.
            var bound = results.Max(result => result.Bound.Bins);
            byProblem.Add(Array.ConvertAll(results, result => new Outcome(
                result.BinCount, result.BinCount - bound, result.Fill, result.Elapsed.TotalMilliseconds)));
        }
        if (byProblem.Count == 0)
            throw new ArgumentException("There is no problem to compare on.", nameof(problems));
        return new StrategyComparison(
            [.. compared.Select((strategy, i) => Figures(strategy.Id, [.. byProblem.Select(outcomes => outcomes[i])]))]);
    }

    /// <summary>The rows as a table in Markdown.</summary>
    public string ToMarkdown()
    {
        var table = new StringBuilder(
            "| strategy | problems | bins | above bound | optimal | fill | ms, median | ms, 95 % | ms, max |\n"
            + "|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in Rows)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Strategy} | {row.Problems} | {row.Bins} | {row.Gap} | {row.Optimal} | {100 * row.MeanFill:F3} % ");
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.MedianMilliseconds:G3} | {row.Percentile95Milliseconds:G3} | {row.MaxMilliseconds:G3} |\n");
        }
        return table.ToString();
    }

    private static PackingResult Pack(IPackingStrategy strategy, PackingProblem problem, CancellationToken cancellationToken)
    {
        var result = strategy.Pack(problem, progress: null, cancellationToken);
        return PackingValidator.Validate(problem, result) is { Count: > 0 } violations
            ? throw new InvalidPackingException(strategy.Id, violations) : result;
    }

    private static StrategyFigures Figures(string strategy, Outcome[] outcomes)
    {
        var times = Array.ConvertAll(outcomes, outcome => outcome.Milliseconds);
        return new StrategyFigures
        {
            Strategy = strategy,
            Problems = outcomes.Length,
            Bins = outcomes.Sum(outcome => (long)outcome.Bins),
            Gap = outcomes.Sum(outcome => outcome.Gap),
            Optimal = outcomes.Count(outcome => outcome.Gap == 0),
            MeanFill = outcomes.Select(outcome => outcome.Fill).Mean(),
            MedianMilliseconds = times.Median(),
            Percentile95Milliseconds = times.Percentile(95),
            MaxMilliseconds = times.Maximum(),
        };
    }

    private readonly record struct Outcome(int Bins, long Gap, double Fill, double Milliseconds);
}
