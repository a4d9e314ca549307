using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>What to pack and how.</summary>
internal sealed record TrainingSettings(
    string Input, string Field, int Capacity, string Strategy, TimeSpan? TimeLimit, LongRule Long, int Ranks, int? Shuffle, string? Output);

/// <summary>The command's options.</summary>
internal sealed class TrainingOptions
{
    private readonly Argument<string?> _input = new("input")
    {
        Description = "Token lengths (.npy, .csv, .txt) or documents (.jsonl). By default the lengths that come with the sample.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _field = new("--field")
    {
        Description = "For .jsonl: the property with a document's tokens, or with their number.",
        DefaultValueFactory = _ => "input_ids",
    };

    private readonly Option<int> _capacity = AtLeastOne("--capacity", "Tokens of a pack.", 2048);

    private readonly Option<string> _strategy = new Option<string>("--strategy")
    {
        Description = "How to pack.",
        DefaultValueFactory = _ => "bfd",
    }.AcceptOnlyFromAmong([.. PackingStrategies.Ids]);

    private readonly Option<double?> _timeLimit = new("--time-limit")
    {
        Description = "Seconds after which a strategy that searches gives its best packing.",
    };

    private readonly Option<LongRule> _long = new Option<LongRule>("--long")
    {
        Description = "Documents longer than a pack: cut into pieces, keep the beginning, leave out, or refuse to pack.",
        DefaultValueFactory = _ => LongRule.Split,
    }.AcceptOnlyFromAmong([.. Enum.GetNames<LongRule>().Select(name => name.ToLowerInvariant())]);

    private readonly Option<int> _ranks = AtLeastOne("--ranks", "The number of packs becomes a multiple of this.", 1);

    private readonly Option<int?> _shuffle = new("--shuffle") { Description = "Seed by which the order of the packs is shuffled." };

    private readonly Option<string?> _output = new("--out")
    {
        Description = "Folder for the index: bin_offsets.npy, item_indices.npy, item_spans.npy, metadata.json.",
    };

    public void AddTo(RootCommand root)
    {
        root.Arguments.Add(_input);
        foreach (var option in new Option[] { _field, _capacity, _strategy, _timeLimit, _long, _ranks, _shuffle, _output })
            root.Options.Add(option);
        _timeLimit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and < 1e9)))
                result.AddError("--time-limit is not above 0.");
        });
    }

    public TrainingSettings Read(ParseResult parsed) => new(
        parsed.GetValue(_input) ?? DocumentLengths.Shipped,
        parsed.GetValue(_field)!,
        parsed.GetValue(_capacity),
        parsed.GetValue(_strategy)!,
        parsed.GetValue(_timeLimit) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        parsed.GetValue(_long),
        parsed.GetValue(_ranks),
        parsed.GetValue(_shuffle),
        parsed.GetValue(_output));

    private static Option<int> AtLeastOne(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} is not at least 1.");
        });
        return option;
    }
}
