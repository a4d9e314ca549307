using System.CommandLine;

namespace PackingKit.Cli;

/// <summary>The options that choose and steer a strategy.</summary>
internal sealed class StrategyOptions
{
    private readonly Option<string> _strategy = new Option<string>("--strategy", "-s")
    {
        Description = "How to pack; 'packingkit strategies' tells more.",
        DefaultValueFactory = _ => "bfd",
    }.AcceptOnlyFromAmong([.. PackingStrategies.Ids]);

    private readonly Option<double?> _timeLimit = InputOptions.Positive<double?>("--time-limit", "Seconds after which a search stops with the best packing so far.");
    private readonly Option<int?> _workers = InputOptions.Positive<int?>("--workers", "Threads that a search may use. By default 1.");
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of a search. By default 0.", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _strategy, _timeLimit, _seed, _workers })
            command.Options.Add(option);
        InputOptions.Check(_seed, value => value >= 0, "at least 0");
    }

    public IPackingStrategy Create(ParseResult parsed) => PackingStrategies.Create(parsed.GetRequiredValue(_strategy), new SearchOptions
    {
        TimeLimit = parsed.GetValue(_timeLimit) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Seed = parsed.GetValue(_seed),
        Workers = parsed.GetValue(_workers) ?? SearchOptions.Default.Workers,
    });
}
