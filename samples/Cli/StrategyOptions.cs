using System.CommandLine;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The options that choose and steer a strategy, and the start of its runs.</summary>
internal sealed class StrategyOptions
{
    private readonly Option<string> _strategy;
    private readonly SearchingOptions _search = new();
    private readonly Option<int?> _parallel = InputOptions.Positive<int>("--parallel", "How many files to pack at a time. By default 1.");

    public StrategyOptions(string strategy)
    {
        _strategy = new Option<string>("--strategy", "-s")
        {
            Description = "How to pack; 'packingkit strategies' tells more.",
            HelpName = "ID",
            DefaultValueFactory = _ => strategy,
        };
        _strategy.CompletionSources.Add([.. PackingStrategies.Ids]);
        _strategy.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (Unknown(token.Value) is { } message)
                    result.AddError(message);
        });
    }

    /// <summary>Why an id is none; <see langword="null"/> where it is one.</summary>
    public static string? Unknown(string id) => PackingStrategies.Ids.Contains(id) ? null
        : Spelling.DidYouMean(id, PackingStrategies.Ids) is { Length: > 0 } near ? $"There is no strategy '{id}'{near}"
        : $"There is no strategy '{id}'; there are {string.Join(", ", PackingStrategies.Ids)}.";

    public void AddTo(Command command)
    {
        HelpPage.Group("Strategy", _strategy, _parallel);
        command.Options.Add(_strategy);
        _search.AddTo(command);
        command.Options.Add(_parallel);
    }

    public StrategyInfo Chosen(ParseResult parsed) => PackingStrategies.Find(parsed.GetRequiredValue(_strategy));

    /// <summary>Starts a run for each input, as many at a time as asked.</summary>
    public PackingRun[] Start(ParseResult parsed, IEnumerable<Input> inputs, Terminal terminal, CancellationToken cancellationToken)
    {
        var info = Chosen(parsed);
        var strategy = info.Create(_search.Read(parsed, limit: null, cancellationToken));
        var gate = new SemaphoreSlim(parsed.GetValue(_parallel) ?? 1);
        return
        [
            .. inputs.Select(input => new PackingRun(
                input, info, strategy, gate, _search.LogOf(parsed, terminal, input.File), cancellationToken)),
        ];
    }
}
