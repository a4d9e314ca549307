using System.CommandLine;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The options that choose and steer a strategy, and the start of its runs.</summary>
internal sealed class StrategyOptions
{
    private readonly Option<string> _strategy;
    private readonly Option<double?> _timeLimit = NumberOption.TimeLimit(
        "Seconds after which a search stops with the best packing so far.");
    private readonly Option<int?> _seed = NumberOption.Create<int>(
        "--seed", "Seed of a search. By default 0.", seed => seed >= 0 ? null : "at least 0");
    private readonly Option<int?> _workers = InputOptions.Positive<int>("--workers", "Threads that a search may use. By default 1.");
    private readonly Option<int?> _parallel = InputOptions.Positive<int>("--parallel", "How many files to pack at a time. By default 1.");

    public StrategyOptions(string strategy)
    {
        _strategy = new Option<string>("--strategy", "-s")
        {
            Description = "How to pack; 'packingkit strategies' tells more.",
            DefaultValueFactory = _ => strategy,
        }.AcceptOnlyFromAmong([.. PackingStrategies.Ids]);
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _strategy, _timeLimit, _seed, _workers, _parallel })
            command.Options.Add(option);
    }

    /// <summary>Starts a run for each input, as many at a time as asked.</summary>
    public PackingRun[] Start(ParseResult parsed, IEnumerable<Input> inputs, CancellationToken cancellationToken)
    {
        var strategy = PackingStrategies.Create(parsed.GetRequiredValue(_strategy), new SearchOptions
        {
            TimeLimit = parsed.GetValue(_timeLimit) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Seed = parsed.GetValue(_seed) ?? SearchOptions.Default.Seed,
            Workers = parsed.GetValue(_workers) ?? SearchOptions.Default.Workers,
        });
        var gate = new SemaphoreSlim(parsed.GetValue(_parallel) ?? 1);
        return [.. inputs.Select(input => new PackingRun(input, strategy, gate, cancellationToken))];
    }
}
