using System.CommandLine;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The options that choose and steer a strategy, and the start of its runs.</summary>
internal sealed class StrategyOptions
{
    private readonly Option<string> _strategy;
    private readonly RuleOptions? _rules;
    private readonly SearchingOptions _search = new();
    private readonly Option<int?> _parallel = InputOptions.Positive<int>("--parallel", "How many files to pack at a time. By default 1.");

    /// <param name="strategy">The id where none is given.</param>
    /// <param name="rules">The options that a strategy may have to keep to; <see langword="null"/> for none.</param>
    public StrategyOptions(string strategy, RuleOptions? rules = null)
    {
        _rules = rules;
        _strategy = new Option<string>("--strategy", "-s")
        {
            Description = "How to pack; 'packingkit strategies' tells more.",
            HelpName = "ID",
            DefaultValueFactory = _ => strategy,
        };
        _strategy.CompletionSources.Add([.. PackingStrategies.Ids.Union(rules is null ? [] : ConstrainedStrategies.Ids)]);
        _strategy.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (Unknown(token.Value) is { } message && !(rules is not null && ConstrainedStrategies.Ids.Contains(token.Value)))
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
        _rules?.AddTo(command, _strategy);
    }

    public StrategyInfo Chosen(ParseResult parsed) => PackingStrategies.Find(parsed.GetRequiredValue(_strategy));

    /// <summary>Starts a run for each input, as many at a time as asked.</summary>
    /// <exception cref="InputException">An input has not what the rules ask for; nothing is started.</exception>
    public PackingRun[] Start(
        ParseResult parsed, IReadOnlyList<Input> inputs, string? countColumn, Terminal terminal, CancellationToken cancellationToken)
    {
        var (id, options) = (parsed.GetRequiredValue(_strategy), _search.Read(parsed, limit: null, cancellationToken));
        var strategies = _rules is not null && _rules.IsAsked(parsed)
            ? inputs.Select(input => (IPackingStrategy)new RuledStrategy(
                ConstrainedStrategies.Create(id, options), _rules.Read(parsed, input, countColumn), input.File)).ToArray()
            : [.. Enumerable.Repeat(PackingStrategies.Find(id).Create(options), inputs.Count)];
        var isSearch = PackingStrategies.Ids.Contains(id) && PackingStrategies.Find(id).IsSearch;
        var gate = new SemaphoreSlim(parsed.GetValue(_parallel) ?? 1);
        return
        [
            .. inputs.Zip(strategies, (input, strategy) => new PackingRun(
                input, strategy, isSearch, gate, _search.LogOf(parsed, terminal, input.File), cancellationToken)),
        ];
    }
}
