using System.CommandLine;
using System.CommandLine.Parsing;

namespace PackingKit.Samples.Training;

/// <summary>The options of packing.</summary>
internal sealed class PackOptions
{
    private readonly Argument<string[]> _inputs = new("input")
    {
        Description = "Documents (.jsonl, .parquet, .arrow, a save_to_disk folder, .bin, .idx, .ds.index) or their lengths "
            + "(.npy, .csv, .txt); several, and patterns. By default the lengths that come with the sample.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _field = new("--field")
    {
        Description = "Property or column with a document's tokens, or with their number.",
        DefaultValueFactory = _ => "input_ids",
    };

    private readonly Option<string?> _text = new("--text") { Description = "Property or column with a document's text, for --tokenizer." };

    private readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        Description = "cl100k_base or o200k_base, or files: tokenizer.model, vocab.txt, a folder with vocab.json and merges.txt.",
    };

    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "Property or column with the weight of each token in the loss; 0 and 1 are a mask.",
    };

    private readonly Option<string?> _column = new("--column")
    {
        Description = "For .csv: the column of lengths, by its name or its number from 1.",
        HelpName = "NAME|INDEX",
    };

    private readonly Option<int?> _eod = FromZero("--eod", "For arrays of tokens: the token that ends each document.");

    private readonly Option<string?> _ranges = new("--ranges") { Description = "For arrays of tokens: a file of start,end pairs." };

    private readonly Option<string> _type = new Option<string>("--dtype")
    {
        Description = "For arrays of tokens without a header: their type.",
        DefaultValueFactory = _ => "uint16",
    }.AcceptOnlyFromAmong([.. WholeNumbers.Names]);

    private readonly Option<int?> _capacity = AtLeastOne("--capacity", "Tokens of a pack. By default 2048.");

    private readonly Option<string> _strategy = new Option<string>("--strategy")
    {
        Description = "How to pack.",
        DefaultValueFactory = _ => "bfd",
    }.AcceptOnlyFromAmong([.. PackingStrategies.Ids]);

    private readonly Option<double?> _timeLimit = NumberOption.TimeLimit(
        "Seconds after which a strategy that searches gives its best packing.");

    private readonly Option<string> _long = Choice<LongDocuments>(
        "--long", "Documents longer than a pack: keep their beginning or their end, cut them, leave them out, or refuse to pack.");

    private readonly Option<bool> _stream = new("--stream") { Description = "Documents one after the other, cut wherever a pack is full." };

    private readonly Option<int?> _overlap = FromZero("--overlap", "Tokens that a piece repeats of the one before: 1 loses no target. "
        + "By default 1 with --long split, 0 with --stream.");

    private readonly Option<int?> _minFragment = AtLeastOne(
        "--min-fragment", "The least tokens of the last piece of a document that is cut.");

    private readonly Option<int?> _align = AtLeastOne("--align", "A document takes a multiple of so many slots.");

    private readonly Option<int?> _packAlign = AtLeastOne(
        "--pack-align", "A row has a multiple of so many slots; the capacity makes all equal.");

    private readonly Option<int?> _maxDocuments = AtLeastOne("--max-documents", "The most documents of a pack.");

    private readonly Option<bool> _byFile = new("--by-file") { Description = "No pack has documents of two files." };

    private readonly Option<int?> _window = AtLeastOne("--window", "Only so many documents are looked at together.");

    private readonly Option<int?> _pool = AtLeastOne("--pool", "Documents that wait while packs are filled in order of arrival.");

    private readonly Option<double[]> _blend = new("--blend")
    {
        Description = "How often each input is taken, such as 1 0.5 for all of the first and half of the second.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "WEIGHT",
    };

    private readonly Option<bool> _keepOrder = new("--keep-order") { Description = "Documents stay in their order: next-fit, no shuffle." };

    private readonly Option<int?> _ranks = AtLeastOne("--ranks", "The number of packs becomes a multiple of this. By default 1.");

    private readonly Option<bool> _allowEmpty = new("--allow-empty") { Description = "Too few documents for the ranks give empty packs." };

    private readonly Option<int?> _shuffle = NumberOption.Create<int>(
        "--shuffle", "Seed by which the packs are shuffled and documents of one length change places.", _ => null);

    private readonly Option<int?> _epoch = FromZero("--epoch", "Pass over the data: each has packs of its own. Needs --shuffle.");

    private readonly Option<int?> _bos = FromZero("--bos", "Token put before each document.");

    private readonly Option<int?> _eos = FromZero("--eos", "Token put after each document.");

    private readonly Option<int?> _pad = FromZero("--pad", "Token of padding. By default that of --eos, else 0.");

    private readonly Option<string> _to = new Option<string>("--to")
    {
        Description = "What is written.",
        DefaultValueFactory = _ => "index",
    }.AcceptOnlyFromAmong([.. OutputTargets.Names]);

    private readonly Option<string[]> _columns = new Option<string[]>("--columns")
    {
        Description = "Columns of trl and arrow, such as --columns input_ids labels seq_lengths.",
        AllowMultipleArgumentsPerToken = true,
    }.AcceptOnlyFromAmong([.. PackColumns.Names]);

    private readonly Option<string> _lossWeights = Choice<LossWeighting>(
        "--loss-weights", "What a label counts in the column loss_weights.");

    private readonly Option<int?> _cuCount = AtLeastOne("--cu-count", "Entries of the columns of cu_seqlens, the last one repeated.");

    private readonly Option<int?> _rowGroup = AtLeastOne(
        "--row-group", "Packs that are written, and held in memory, at a time. By default 1000.");

    private readonly Option<int?> _packsPerFile = AtLeastOne("--packs-per-file", "Packs of a file. By default 32000.");

    private readonly Option<string?> _id = new("--id") { Description = "For olmo: what its file names end in." };

    private readonly Option<string?> _output = new("--out") { Description = "Folder of the result. Without it nothing is written." };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Another result in the folder goes." };

    public void AddTo(Command command)
    {
        _columns.Validators.Add(RefuseCommas);
        command.Arguments.Add(_inputs);
        Option[] all =
        [
            _field, _text, _tokenizer, _weights, _column, _eod, _ranges, _type,
            _capacity, _strategy, _timeLimit, _long, _stream, _overlap, _minFragment, _align, _packAlign, _maxDocuments,
            _byFile, _window, _pool, _blend, _keepOrder, _ranks, _allowEmpty, _shuffle, _epoch, _bos, _eos, _pad,
            _to, _columns, _lossWeights, _cuCount, _rowGroup, _packsPerFile, _id, _output, _overwrite,
        ];
        foreach (var option in all)
            command.Options.Add(option);
    }

    public string? Output(ParseResult parsed) => parsed.GetValue(_output);

    public bool Overwrites(ParseResult parsed) => parsed.GetValue(_overwrite);

    private static void RefuseCommas(OptionResult names)
    {
        if (names.Tokens.Any(name => name.Value.Contains(',', StringComparison.Ordinal)))
            names.AddError("--columns takes names apart by blanks, such as --columns input_ids labels.");
    }

    /// <exception cref="BadInputException">Options do not go together.</exception>
    public PackSettings Read(ParseResult parsed)
    {
        string[] inputs = parsed.GetValue(_inputs) is { Length: > 0 } given ? given : [InputFiles.Shipped];
        var settings = new PackSettings
        {
            Inputs = [.. inputs],
            Input = new InputSettings
            {
                Field = parsed.GetValue(_field)!,
                TextField = parsed.GetValue(_text),
                Tokenizer = parsed.GetValue(_tokenizer),
                WeightField = parsed.GetValue(_weights),
                Column = parsed.GetValue(_column),
                EndOfDocument = parsed.GetValue(_eod),
                Ranges = parsed.GetValue(_ranges),
                TokenType = parsed.GetValue(_type)!,
            },
            Capacity = parsed.GetValue(_capacity) ?? 2048,
            Strategy = parsed.GetValue(_keepOrder) ? "nf" : parsed.GetValue(_strategy)!,
            TimeLimit = parsed.GetValue(_timeLimit),
            Long = Chosen<LongDocuments>(parsed.GetValue(_long)!),
            Stream = parsed.GetValue(_stream),
            Overlap = parsed.GetValue(_overlap),
            MinFragment = parsed.GetValue(_minFragment) ?? 1,
            Align = parsed.GetValue(_align) ?? 1,
            PackAlign = parsed.GetValue(_packAlign) ?? 1,
            MaxDocuments = parsed.GetValue(_maxDocuments),
            ByFile = parsed.GetValue(_byFile),
            Window = parsed.GetValue(_window),
            Pool = parsed.GetValue(_pool),
            Weights = [.. parsed.GetValue(_blend) ?? []],
            Ranks = parsed.GetValue(_ranks) ?? 1,
            AllowEmpty = parsed.GetValue(_allowEmpty),
            Shuffle = parsed.GetValue(_shuffle),
            Epoch = parsed.GetValue(_epoch) ?? 0,
            Bos = parsed.GetValue(_bos),
            Eos = parsed.GetValue(_eos),
            Padding = parsed.GetValue(_pad),
            To = parsed.GetValue(_to)!,
            Columns = [.. parsed.GetValue(_columns) ?? []],
            LossWeights = Chosen<LossWeighting>(parsed.GetValue(_lossWeights)!),
            CuCount = parsed.GetValue(_cuCount),
            RowGroup = parsed.GetValue(_rowGroup) ?? 1000,
            PacksPerFile = parsed.GetValue(_packsPerFile) ?? 32_000,
            Id = parsed.GetValue(_id),
        };
        if (Refusal(settings, parsed) is { } refusal)
            throw new BadInputException(refusal);
        return settings;
    }

    private string? Refusal(PackSettings settings, ParseResult parsed)
    {
        Option[] ways = [_stream, _byFile, _window, _pool];
        string[] chosen = [.. ways.Where(way => parsed.GetResult(way) is { Implicit: false }).Select(way => way.Name)];
        return chosen.Length > 1 ? $"{string.Join(" and ", chosen)} do not go together."
            : parsed.GetValue(_keepOrder) && (settings.Shuffle is not null || parsed.GetResult(_strategy) is { Implicit: false })
                ? "--keep-order does not go with --shuffle or --strategy."
            : settings.Epoch > 0 && settings.Shuffle is null ? "--epoch needs --shuffle."
            : settings.Stream && (settings.Align > 1 || settings.MaxDocuments is not null)
                ? "--stream fills every pack: it does not go with --align or --max-documents."
            : settings.Weights.Count > 0 && settings.Weights.Count != settings.Inputs.Count
                ? $"--blend has {settings.Weights.Count} weights for {settings.Inputs.Count} inputs."
            : settings.Weights.Any(weight => !(weight is >= 0 and <= 1000)) ? "--blend takes weights from 0 to 1000."
            : settings.Weights.Count > 0 && settings.To == "olmo" ? "--blend: OLMo-core blends its sources itself."
            : settings.Capacity % settings.PackAlign != 0
                ? $"--pack-align {settings.PackAlign}: rows are a multiple of it, so --capacity {settings.Capacity} must be one."
            : settings.Input.TextField is not null && settings.Input.Tokenizer is null ? "--text needs --tokenizer."
            : settings.Columns.Contains("input_ids") || settings.Columns.Count == 0 ? OutputTargets.Named(settings.To).Refusal(settings)
            : "--columns must have input_ids.";
    }

    private static Option<int?> AtLeastOne(string name, string description) =>
        NumberOption.Create<int>(name, description, value => value >= 1 ? null : "at least 1");

    private static Option<int?> FromZero(string name, string description) =>
        NumberOption.Create<int>(name, description, value => value >= 0 ? null : "at least 0");

    /// <summary>The values of an enumeration, in the spelling of commands; the first is the default.</summary>
    private static Option<string> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(Spelled)];
        return new Option<string>(name) { Description = description, DefaultValueFactory = _ => names[0] }.AcceptOnlyFromAmong(names);
    }

    private static T Chosen<T>(string spelled)
        where T : struct, Enum => Enum.Parse<T>(Enum.GetNames<T>().First(name => Spelled(name) == spelled));

    public static string Spelled(string name) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
