using System.CommandLine;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The options by which every command reads its inputs, and the reading.</summary>
internal sealed class InputOptions
{
    private const string NpyEnding = ".npy", BppEnding = ".bpp";

    private static readonly string[] Formats = [.. Enum.GetNames<SizeFormat>().Select(name => name.ToLowerInvariant())];

    private const string NoCount = "none";

    /// <summary>Memory that packing, bounding and printing take for an item.</summary>
    private const int BytesEach = 48;

    /// <summary>Names by which a column of a header says how many items a line stands for.</summary>
    private static readonly string[] CountNames = ["count", "quantity", "qty", "pieces", "pcs"];

    private static readonly PackingProblem NoProblem = PackingProblem.Create(Array.Empty<int>(), 1);

    private readonly Option<decimal?> _capacity = Positive<decimal>(
        "--capacity", "What one bin holds, in the unit of the sizes. By default what a bpp file names.", "-c");

    private readonly Option<long?> _maxItems = Positive<long>(
        "--max-items", "The most items a bin may hold. By default there is no limit.");

    private readonly Option<SizeFormat?> _format = new Option<SizeFormat?>("--format")
    {
        Description =
            "Layout of the inputs. By default what the ending .npy or .bpp says, else by the content: csv if a column is named or the "
            + "first line has a comma, semicolon or tab (histogram if it "
            + "is a header of two fields, the second 'count'); bpp if the text is only numbers, n, capacity and just n sizes, none above "
            + "the capacity (with --capacity that must be said); else sizes, one a line.",
    }.AcceptOnlyFromAmong(Formats);

    private readonly Option<string?> _column = new("--column")
    {
        Description = "For CSV: the column of sizes, by its name or its number from 1.",
        HelpName = "NAME|INDEX",
    };

    private readonly Option<string?> _count = new("--count")
    {
        Description =
            "For CSV: the column that says how many items a line stands for; 'none' where each line is one item whatever the columns.",
        HelpName = $"NAME|INDEX|{NoCount}",
    };

    public Argument<string[]> Files { get; } = new("files")
    {
        Description = "Files of sizes; '-' for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <param name="command">The command that reads them.</param>
    /// <param name="takesCapacity">Whether one capacity is asked for; not where bins are of several, or of none.</param>
    /// <param name="takesMaxItems">Whether the items of a bin can be limited.</param>
    public void AddTo(Command command, bool takesCapacity = true, bool takesMaxItems = true)
    {
        Option[] limits = [.. takesCapacity ? [_capacity] : (Option[])[], .. takesMaxItems ? [_maxItems] : (Option[])[]];
        foreach (var option in (Option[])[.. limits, _format, _column, _count])
        {
            HelpPage.Group("Input", option);
            command.Options.Add(option);
        }
        command.Validators.Add(result =>
        {
            foreach (var option in new[] { _column, _count })
                if (result.GetValue(option) is not null && result.GetValue(_format) is not (null or SizeFormat.Csv))
                    result.AddError($"Only --format csv has columns for {option.Name} to choose from.");
        });
    }

    /// <summary>Reads every input before any work is done on one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where standard input comes from.</param>
    /// <param name="keepsText">Whether the inputs keep their text: what else stands on the lines of the sizes.</param>
    /// <param name="keepsOrder">Whether it matters which item is which; where it does not, many take less memory.</param>
    /// <param name="leavesOut">Tells the lines of an input, of which only the problem is missing, that are to be left out.</param>
    /// <exception cref="InputException">Some cannot be used; it names them all.</exception>
    public IReadOnlyList<Input> ReadAll(
        ParseResult parsed, Terminal terminal, bool keepsText = false, bool keepsOrder = true,
        Func<Input, IReadOnlySet<int>>? leavesOut = null) =>
        Each(parsed, file => Read(
            parsed, terminal, file, otherCapacity: null, parsed.GetValue(_maxItems), keepsText, keepsOrder, leavesOut));

    /// <summary>Reads every input into counts, in little memory, before any work is done on one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where standard input comes from.</param>
    /// <param name="keepsOrder">Whether all items are to be kept, in their order, however many there are.</param>
    /// <exception cref="InputException">Some cannot be used; it names them all.</exception>
    public IReadOnlyList<CountedInput> CountAll(ParseResult parsed, Terminal terminal, bool keepsOrder) => Each(parsed, file => Using(
        file, () =>
        {
            var sizes = ReadCounted(parsed, terminal, file, counts: !keepsOrder, out var sha256);
            if (keepsOrder)
                RefuseTooMany(file, sizes.ItemCount);
            var limits = new BinLimits(
                CapacityOf(parsed, file, sizes, otherCapacity: null), parsed.GetValue(_maxItems) ?? BinLimits.Unlimited);
            var histogram = Fitting(sizes, limits.Capacity, () => sizes.ToHistogram(limits.Capacity));
            return new CountedInput(file, sizes, histogram, limits, sha256, keepsOrder);
        }));

    /// <summary>Reads one input into counts, whatever its sizes; for that no capacity has to be known.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    public CountedInput CountOne(ParseResult parsed, Terminal terminal)
    {
        var file = parsed.GetRequiredValue(Files)[0];
        return Using(file, () =>
        {
            var sizes = ReadCounted(parsed, terminal, file, counts: true, out var sha256);
            return new CountedInput(
                file, sizes, sizes.ToHistogram(long.MaxValue), new BinLimits(long.MaxValue), sha256, KeepsOrder: false);
        });
    }

    private List<T> Each<T>(ParseResult parsed, Func<string, T> read)
    {
        var files = parsed.GetValue(Files) ?? [];
        if (files.Count(file => file == "-") > 1)
            throw new InputException("-", 0, "Standard input can be read only once.");
        List<T> inputs = [];
        List<string> problems = [];
        foreach (var file in files)
        {
            try
            {
                inputs.Add(read(file));
            }
            catch (InputException bad)
            {
                problems.AddRange(bad.Messages);
            }
        }
        return problems.Count == 0 ? inputs : throw new InputException(problems);
    }

    /// <summary>Reads one input with its text, for bins of no one capacity.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where standard input comes from.</param>
    /// <param name="largest">What a size may be at most; <see langword="null"/> where any will do.</param>
    /// <exception cref="InputException">It cannot be used.</exception>
    public Input ReadOne(ParseResult parsed, Terminal terminal, decimal? largest)
    {
        var file = parsed.GetRequiredValue(Files) is [var one] ? one
            : throw new InputException(["One file at a time."]);
        return Using(file, () =>
        {
            var text = new StringBuilder();
            using var stream = terminal.OpenStream(file);
            var sizes = ReadSizes(parsed, file, stream, counts: false, text);
            RefuseTooMany(file, sizes.ItemCount);
            var problem = sizes.ToProblem(largest is { } most ? sizes.ToUnits(most) : long.MaxValue);
            return new Input(file, problem, largest ?? 0, sizes, text.ToString(), new HashSet<int>());
        });
    }

    /// <summary>The most items in a bin.</summary>
    public long MaxItems(ParseResult parsed) => parsed.GetValue(_maxItems) ?? BinLimits.Unlimited;

    /// <summary>
    /// Reads the sizes that a packing is of. The limits that it states serve where neither options nor file name any; what it leaves out
    /// is left out.
    /// </summary>
    /// <exception cref="InputException">The file cannot be used.</exception>
    public Input ReadFor(
        ParseResult parsed, Terminal terminal, string file, long statedCapacity, long? statedMaxItems,
        ReadOnlyMemory<int> leftOut = default) => Read(
        parsed, terminal, file,
        statedCapacity >= 1 ? statedCapacity : null,
        parsed.GetValue(_maxItems) ?? (statedMaxItems >= 1 ? statedMaxItems : null),
        leavesOut: input => leftOut.ToArray().Where(item => (uint)item < (uint)input.Sizes.ItemCount)
            .Select(input.Sizes.LineOf).ToHashSet());

    /// <summary>The column that says how many items a line stands for; <see langword="null"/> where each is one item.</summary>
    public string? CountColumn(ParseResult parsed) => parsed.GetValue(_count) is var count and not NoCount ? count : null;

    private Input Read(
        ParseResult parsed, Terminal terminal, string file, long? otherCapacity, long? maxItems,
        bool keepsText = false, bool keepsOrder = true, Func<Input, IReadOnlySet<int>>? leavesOut = null) => Using(file, () =>
    {
        var text = keepsText ? new StringBuilder() : null;
        using var stream = terminal.OpenStream(file);
        var sizes = ReadSizes(parsed, file, stream, counts: !keepsOrder, text);
        RefuseTooMany(file, sizes.ItemCount);
        var capacity = CapacityOf(parsed, file, sizes, otherCapacity);
        var input = new Input(file, NoProblem, sizes.FromUnits(capacity), sizes, text?.ToString(), new HashSet<int>());
        var lines = leavesOut?.Invoke(input) ?? input.LeftOut;
        var kept = sizes.Without(lines);
        return input with
        {
            Problem = Fitting(kept, capacity, () => kept.ToProblem(capacity, maxItems ?? BinLimits.Unlimited)),
            Sizes = kept,
            LeftOut = lines,
            LeftOutItems = lines.Count == 0 ? []
                : [.. Enumerable.Range(0, sizes.ItemCount).Where(item => lines.Contains(sizes.LineOf(item)))],
        };
    });

    /// <summary>What sizes are made into; where one is too large, what to do is said as well.</summary>
    private static T Fitting<T>(SizeList sizes, long capacity, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (SizeFormatException bad) when (sizes.ToHistogram(long.MaxValue).Sizes[0] > capacity)
        {
            throw new SizeFormatException(bad.Line, $"{bad.Reason} 'packingkit pack --leave-out' packs the others.");
        }
    }

    private static void RefuseTooMany(string file, long items)
    {
        if (MemoryNeed.Refusal(items, BytesEach) is { } refusal)
            throw new InputException(file, 0, refusal);
    }

    private long CapacityOf(ParseResult parsed, string file, SizeList sizes, long? otherCapacity)
    {
        // Shaped as BPP, such as 3 3 3 3 3: harmless where that is the only source of a capacity, a guess where it is not.
        if (sizes.Format == SizeFormat.Bpp && FormatOf(parsed, file) is null && parsed.GetValue(_capacity) is not null)
            throw new InputException(file, 0,
                "This reads as n, a capacity and n sizes, and as a list of sizes: "
                + "with --capacity, tell which by --format bpp or --format sizes.");
        var given = parsed.GetValue(_capacity) is { } option ? sizes.ToUnits(option) : (long?)null;
        return given ?? sizes.Capacity ?? otherCapacity
            ?? throw new InputException(file, 0, "No capacity is known: give --capacity, or --format bpp if the file names it.");
    }

    /// <summary>The layout that is said, by option or ending; <see langword="null"/> where the content decides.</summary>
    private SizeFormat? FormatOf(ParseResult parsed, string file) =>
        parsed.GetValue(_format) ?? Path.GetExtension(file).ToLowerInvariant() switch
        {
            NpyEnding => SizeFormat.Npy,
            BppEnding => SizeFormat.Bpp,
            _ => null,
        };

    /// <summary>Reads, and names the file where that fails.</summary>
    private static T Using<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SizeFormatException bad)
        {
            throw new InputException(file, bad.Line, bad.Reason);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, 0, Messages.OfFile(file, bad));
        }
    }

    private SizeList ReadCounted(ParseResult parsed, Terminal terminal, string file, bool counts, out string sha256)
    {
        using var hash = SHA256.Create();
        SizeList sizes;
        using (var stream = new CryptoStream(terminal.OpenStream(file), hash, CryptoStreamMode.Read))
        {
            sizes = ReadSizes(parsed, file, stream, counts);
            stream.CopyTo(Stream.Null); // what stands behind the sizes belongs to the file
        }
        sha256 = Convert.ToHexStringLower(hash.Hash!);
        return sizes;
    }

    private SizeList ReadSizes(ParseResult parsed, string file, Stream stream, bool counts, StringBuilder? text = null)
    {
        if (Path.GetExtension(file).ToLowerInvariant() is
            (".npz" or ".jsonl" or ".parquet" or ".gz" or ".zst" or ".zip") and var ending)
            throw new InputException(file, 0, $"Files that end in {ending} are not read, only text and .npy.");
        var (format, column, count) = (FormatOf(parsed, file), parsed.GetValue(_column), parsed.GetValue(_count));
        if (format is not (null or SizeFormat.Csv) && (column ?? count) is not null)
            throw new InputException(file, 0, $"By its ending this is {format}, which has no columns; say --format csv if it has.");
        if (format == SizeFormat.Npy)
            return counts ? SizeReader.ReadNpyCounts(stream) : SizeReader.ReadNpy(stream);
        using var opened = new StreamReader(stream, leaveOpen: true);
        using TextReader reader = text is null ? opened : new KeepingReader(opened, text);
        var counted = CountColumn(parsed);
        var sizes = counts ? SizeReader.ReadCounts(reader, format, column, counted)
            : SizeReader.ReadDecimals(reader, format, column, counted);
        if (count is null && sizes.Columns.Count > 1
            && sizes.Columns.Where((name, index) => name != column && $"{index + 1}" != column)
                .FirstOrDefault(name => CountNames.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } named)
            throw new InputException(
                file, 0, $"There is a column '{named}': say --count {named}, or --count {NoCount} where each line is one item.");
        return sizes;
    }

    /// <summary>An option whose value must be above 0.</summary>
    public static Option<T?> Positive<T>(string name, string description, params string[] aliases)
        where T : struct, INumber<T> =>
        NumberOption.Create<T>(name, description, value => value > T.Zero ? null : "above 0", aliases);
}
