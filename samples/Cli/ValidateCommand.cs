using System.CommandLine;
using System.Text.Json;

namespace PackingKit.Cli;

/// <summary>Reads back what <c>pack --json</c> printed and checks it against the sizes.</summary>
internal static class ValidateCommand
{
    /// <summary>A wild record may be wrong in every item; the first violations tell enough.</summary>
    private const int MaxShown = 20;

    public static Command Create(Terminal terminal)
    {
        var options = new InputOptions();
        var results = new Argument<string>("results") { Description = "What 'pack --json' printed; '-' for standard input." };
        options.Files.Description = "Files of sizes, one for each record in order. By default the files that the records name.";
        options.Files.Arity = ArgumentArity.ZeroOrMore;
        var json = JsonLines.CreateOption();
        var command = new Command("validate", "Check packings against the sizes they pack.") { results, options.Files };
        options.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var source = parsed.GetRequiredValue(results);
            var checks = Pair(source, JsonLines.Read(terminal, source, PackingRecord.FromJson), parsed.GetValue(options.Files) ?? [])
                .Select(pair => (
                    pair.Record, pair.File,
                    Problem: options.ReadFor(
                        parsed, terminal, pair.File, pair.Record.Capacity, pair.Record.MaxItems, pair.Record.LeftOut).Problem))
                .ToArray();
            var valid = true;
            foreach (var (record, file, problem) in checks)
            {
                var violations = record.Validate(problem);
                valid &= violations.Count == 0;
                if (parsed.GetValue(json))
                    terminal.Output.WriteLine(JsonSerializer.Serialize(
                        new ValidationRecord(
                            file, violations.Count == 0, [.. violations.Select(Describe)],
                            record.Rules.IsEmpty ? null : record.Rules.ToArray()),
                        CliJson.Default.ValidationRecord));
                else
                    Print(terminal, record, file, violations);
            }
            return valid ? CommandLine.Success : CommandLine.Invalid;
        });
        return command;
    }

    /// <summary>Each record with the file of its sizes: those given, in order, or those that the records name.</summary>
    private static IEnumerable<(PackingRecord Record, string File)> Pair(string results, List<PackingRecord> records, string[] files)
    {
        if (files.Length > 0)
            return files.Length == records.Count ? records.Zip(files)
                : throw new InputException(results, 0, $"There are {records.Count} records and {files.Length} files of sizes.");
        if (records.Any(record => record.File == "-"))
            throw new InputException(results, 0, "A record is of standard input: name the file of its sizes.");
        return records.Select(record => (record, record.File));
    }

    private static void Print(Terminal terminal, PackingRecord record, string file, IReadOnlyList<PackingViolation> violations)
    {
        if (violations.Count == 0)
            terminal.Output.WriteLine(
                $"{file}: valid, {record.Items} items in {record.Bins} bins of {record.Capacity}; "
                + $"lower bound as stated, {record.LowerBound}"
                + (record.LeftOut.Length > 0 ? $"; {record.LeftOut.Length} left out" : "")
                + (record.Rules.IsEmpty ? "" : $"; not checked: {string.Join(", ", record.Rules.ToArray())}"));
        foreach (var violation in violations.Take(MaxShown).Select(Describe))
            terminal.Error.WriteLine($"{file}: {violation.Type}: {violation.Message}");
        if (violations.Count > MaxShown)
            terminal.Error.WriteLine($"{file}: and {violations.Count - MaxShown} more");
    }

    private static ViolationRecord Describe(PackingViolation violation) => new(violation.GetType().Name, violation switch
    {
        PackingViolation.UnknownItem(var item, var bin) => $"Bin {bin} holds item {item}, which is not there.",
        PackingViolation.MissingItem(var item) => $"Item {item} is in no bin.",
        PackingViolation.DuplicateItem(var item, var first, var bin) => $"Item {item} is in bin {first} and again in bin {bin}.",
        PackingViolation.OverCapacity(var bin, var load, var capacity) => $"Bin {bin} holds {load}, above the capacity {capacity}.",
        PackingViolation.TooManyItems(var bin, var count, var most) => $"Bin {bin} holds {count} items, above the limit {most}.",
        PackingViolation.EmptyBin(var bin) => $"Bin {bin} holds nothing.",
        PackingViolation.UnknownBin(var item, var bin, var bins) => $"Item {item} is in bin {bin}, outside 0..{bins - 1}.",
        PackingViolation.WrongFigure(var figure, var stated, var actual) => $"The record says {figure} {stated}, which should be {actual}.",
        _ => violation.ToString(),
    });
}
