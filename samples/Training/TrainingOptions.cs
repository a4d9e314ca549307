using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>What to pack and how.</summary>
internal sealed record TrainingSettings(
    string Input, string Field, string? Column, int Capacity, string Strategy, TimeSpan? TimeLimit,
    LongRule Long, int Ranks, int? Shuffle, string? Output);

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

    private readonly Option<string?> _column = new("--column")
    {
        Description = "For .csv: the column of lengths, by its name or its number from 1.",
        HelpName = "NAME|INDEX",
    };

    private readonly Option<int?> _capacity = AtLeastOne("--capacity", "Tokens of a pack. By default 2048.");

    private readonly Option<string> _strategy = new Option<string>("--strategy")
    {
        Description = "How to pack.",
        DefaultValueFactory = _ => "bfd",
    }.AcceptOnlyFromAmong([.. PackingStrategies.Ids]);

    private readonly Option<double?> _timeLimit = NumberOption.TimeLimit(
        "Seconds after which a strategy that searches gives its best packing.");

    private readonly Option<LongRule> _long = new Option<LongRule>("--long")
    {
        Description = "Documents longer than a pack: cut into pieces, keep the beginning, leave out, or refuse to pack.",
        DefaultValueFactory = _ => LongRule.Split,
    }.AcceptOnlyFromAmong([.. Enum.GetNames<LongRule>().Select(name => name.ToLowerInvariant())]);

    private readonly Option<int?> _ranks = AtLeastOne("--ranks", "The number of packs becomes a multiple of this. By default 1.");

    private readonly Option<int?> _shuffle = NumberOption.Create<int>(
        "--shuffle", "Seed by which the order of the packs is shuffled.", _ => null);

    private readonly Option<string?> _output = new("--out")
    {
        Description = "Folder for the index: metadata.json, and a folder of arrays that it names.",
    };

    public void AddTo(RootCommand root)
    {
        root.Arguments.Add(_input);
        foreach (var option in new Option[] { _field, _column, _capacity, _strategy, _timeLimit, _long, _ranks, _shuffle, _output })
            root.Options.Add(option);
    }

    public TrainingSettings Read(ParseResult parsed) => new(
        parsed.GetValue(_input) ?? DocumentLengths.Shipped,
        parsed.GetValue(_field)!,
        parsed.GetValue(_column),
        parsed.GetValue(_capacity) ?? 2048,
        parsed.GetValue(_strategy)!,
        parsed.GetValue(_timeLimit) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        parsed.GetValue(_long),
        parsed.GetValue(_ranks) ?? 1,
        parsed.GetValue(_shuffle),
        parsed.GetValue(_output));

    private static Option<int?> AtLeastOne(string name, string description) =>
        NumberOption.Create<int>(name, description, value => value >= 1 ? null : "at least 1");
}
