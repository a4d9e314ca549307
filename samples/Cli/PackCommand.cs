using System.CommandLine;

namespace PackingKit.Cli;

/// <summary>Packs files, several at a time if asked, and prints a table or one record a line.</summary>
internal static class PackCommand
{
    public static Command Create(Terminal terminal)
    {
        var inputs = new InputOptions();
        var rules = new RuleOptions();
        var strategy = new StrategyOptions("bfd", rules);
        var items = new ItemsOptions();
        var json = JsonLines.CreateOption();
        var command = new Command("pack", "Pack the sizes of each file into bins.") { inputs.Files };
        inputs.AddTo(command);
        strategy.AddTo(command);
        command.Options.Add(json);
        items.AddTo(command, json, inputs.Files);
        HelpPage.AddExamples(
            command, "pack lengths.csv --column tokens -c 2048", "pack instances/*.txt -s exact --time-limit 10 --parallel 2 --log",
            "pack lengths.npy -c 2048 --json -o packing.jsonl",
            "pack parts.csv -c 6000 --column mm --count qty --id part --items text",
            "pack jobs.csv -c 64 --column memory --resource cores=16 --apart replica -s exact");
        // Off this thread, so that Ctrl+C is heard while standard input is waited for.
        command.SetAction((parsed, cancellationToken) => Task.Run(async () =>
        {
            var counts = inputs.CountColumn(parsed);
            var leavesOut = rules.LeavesOut(parsed, terminal, counts);
            var (hasRules, hasItems) = (rules.IsAsked(parsed), items.IsAsked(parsed));
            // The table tells of no item.
            var keepsOrder = hasRules || hasItems || leavesOut is not null || parsed.GetValue(json) || strategy.Chosen(parsed).IsOnline;
            var read = inputs.ReadAll(parsed, terminal, keepsText: hasItems || hasRules, keepsOrder, leavesOut);
            var names = hasItems ? items.Name(parsed, read[0]) : null;
            var runs = strategy.Start(parsed, read, counts, terminal, cancellationToken);
            if (names is not null)
                items.Write(parsed, terminal.Output, read[0], names, await runs[0].Result, counts);
            else if (parsed.GetValue(json))
                await JsonLines.WriteAsync(
                    runs, terminal.Output, (input, result) => Record(input, result, hasRules ? rules.Names(parsed) : []).ToJson());
            else
                await PackingTable.ShowAsync(runs, terminal);
            cancellationToken.ThrowIfCancellationRequested(); // after what the last search had found
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }

    /// <summary>The record of a packing, by the numbers that items have in the file.</summary>
    private static PackingRecord Record(Input input, PackingResult result, string[] rules)
    {
        var record = PackingRecord.Of(input.File, result) with { Rules = rules.Length == 0 ? default : rules };
        if (input.LeftOutItems is not { Count: > 0 } leftOut)
            return record;
        var assignment = new int[record.Assignment.Length + leftOut.Count];
        foreach (var item in leftOut)
            assignment[item] = -1;
        for (int item = 0, packed = 0; item < assignment.Length; item++)
            if (assignment[item] == 0)
                assignment[item] = record.Assignment.Span[packed++];
        return record with { Assignment = assignment, LeftOut = leftOut.ToArray() };
    }
}
