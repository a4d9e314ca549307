using System.CommandLine;
using System.Globalization;

namespace PackingKit.Cli;

/// <summary>The options by which every command reads its inputs, and the reading.</summary>
internal sealed class InputOptions
{
    private static readonly string[] Formats = [.. Enum.GetNames<SizeFormat>().Select(name => name.ToLowerInvariant())];

    private readonly Option<long?> _capacity = Positive<long?>("--capacity", "What one bin holds. By default what a bpp file names.", "-c");
    private readonly Option<long?> _maxItems = Positive<long?>(
        "--max-items", "The most items a bin may hold. By default there is no limit.");

    private readonly Option<SizeFormat?> _format = new Option<SizeFormat?>("--format")
    {
        Description =
            "Layout of the inputs. By default: csv if a column is named or the first line has a comma, semicolon or tab "
            + "(histogram if it is a "
            + "header of two fields, the second 'count'); bpp if the text is only numbers, n, capacity and just n sizes, none above the "
            + "capacity (with --capacity that must be said); else sizes, one a line.",
    }.AcceptOnlyFromAmong(Formats);

    private readonly Option<string?> _column = new("--column")
    {
        Description = "For CSV: the column of sizes, by its name or its number from 1.",
        HelpName = "NAME|INDEX",
    };

    public Argument<string[]> Files { get; } = new("files")
    {
        Description = "Files of sizes; '-' for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _capacity, _maxItems, _format, _column })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_column) is not null && result.GetValue(_format) is not (null or SizeFormat.Csv))
                result.AddError("Only --format csv has columns for --column to choose from.");
        });
    }

    /// <summary>Reads every input before any work is done on one.</summary>
    /// <exception cref="InputException">Some cannot be used; it names them all.</exception>
    public IReadOnlyList<Input> ReadAll(ParseResult parsed, Terminal terminal)
    {
        var files = parsed.GetValue(Files) ?? [];
        if (files.Count(file => file == "-") > 1)
            throw new InputException("-", 0, "Standard input can be read only once.");
        List<Input> inputs = [];
        List<string> problems = [];
        foreach (var file in files)
        {
            try
            {
                inputs.Add(new Input(file, Read(parsed, terminal, file, otherCapacity: null, parsed.GetValue(_maxItems))));
            }
            catch (InputException bad)
            {
                problems.AddRange(bad.Messages);
            }
        }
        return problems.Count == 0 ? inputs : throw new InputException(problems);
    }

    /// <summary>Reads the sizes of a packing. The limits that the packing states serve where neither options nor file name any.</summary>
    /// <exception cref="InputException">The file cannot be used.</exception>
    public PackingProblem ReadFor(ParseResult parsed, Terminal terminal, string file, long statedCapacity, long? statedMaxItems) => Read(
        parsed, terminal, file,
        statedCapacity >= 1 ? statedCapacity : null,
        parsed.GetValue(_maxItems) ?? (statedMaxItems >= 1 ? statedMaxItems : null));

    private PackingProblem Read(ParseResult parsed, Terminal terminal, string file, long? otherCapacity, long? maxItems)
    {
        try
        {
            using var reader = terminal.Open(file);
            var sizes = SizeReader.Read(reader, parsed.GetValue(_format), parsed.GetValue(_column));
            // Shaped as BPP, such as 3 3 3 3 3: harmless where that is the only source of a capacity, a guess where it is not.
            if (sizes.Format == SizeFormat.Bpp && parsed.GetValue(_format) is null && parsed.GetValue(_capacity) is not null)
                throw new InputException(file, 0,
                    "This reads as n, a capacity and n sizes, and as a list of sizes: "
                    + "with --capacity, tell which by --format bpp or --format sizes.");
            var capacity = parsed.GetValue(_capacity) ?? sizes.Capacity ?? otherCapacity
                ?? throw new InputException(file, 0, "No capacity is known: give --capacity, or --format bpp if the file names it.");
            return sizes.ToProblem(capacity, maxItems ?? BinLimits.Unlimited);
        }
        catch (SizeFormatException bad)
        {
            throw new InputException(file, bad.Line, bad.Reason);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, 0, bad.Message);
        }
    }

    /// <summary>An option whose value must be finite and above 0.</summary>
    public static Option<T> Positive<T>(string name, string description, params string[] aliases)
    {
        var option = new Option<T>(name, aliases) { Description = description, HelpName = "N" };
        Check(option, value => value is > 0 and < double.PositiveInfinity, "above 0");
        return option;
    }

    /// <summary>Refuses numbers outside a range; what is no number at all is refused by the parser.</summary>
    public static void Check<T>(Option<T> option, Func<double, bool> isAllowed, string range) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !isAllowed(value))
            result.AddError($"{option.Name} must be {range}, not {token.Value}.");
    });
}
