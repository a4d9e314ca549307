using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>Tries strategies on files of sizes and says which to take, and what else there is to win.</summary>
internal static class CompareCommand
{
    /// <summary>What a search is given where nothing is said.</summary>
    private static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(10);

    public static Command Create(Terminal terminal)
    {
        var inputs = new InputOptions();
        var search = new SearchingOptions();
        var strategies = ListOption.Create<string>(
            "--strategies", "Ids of the strategies to try, parted by commas. By default all that do not search; beyond 100,000 items "
            + "only those that need no order, beyond 10,000 different sizes without mbs and mbs-prime. "
            + "Each that searches gets 10 seconds if no other --time-limit is given.", "IDS",
            text => StrategyOptions.Unknown(text) is { } message ? (null, message) : (text, null));
        strategies.CompletionSources.Add([.. PackingStrategies.Ids]);
        var repeats = InputOptions.Positive<int>("--repeats", "How often to time each strategy. By default 5.");
        var capacities = ListOption.Numbers("--capacities", "Other capacities to try, parted by commas. By default half to four times.");
        var limits = ListOption.Numbers("--item-limits", "Other limits of items in a bin, parted by commas. By default 2, 4, 8, ...");
        var json = JsonLines.CreateOption();
        var csv = new Option<bool>("--csv") { Description = "Print a line of CSV for each strategy and file." };
        var markdown = new Option<bool>("--markdown") { Description = "Print tables of Markdown." };
        var html = new OutputFile("--html")
        {
            Description = "Write a page to show to others as well: this file, replaced only when it is whole. For one file of sizes.",
        };
        HelpPage.Group("Comparison", strategies, repeats, capacities, limits);
        HelpPage.Group("Output", csv, markdown, html);
        var command = new Command("compare", "Try strategies on each file, other capacities and limits, and say what to do.")
            { inputs.Files };
        inputs.AddTo(command);
        foreach (var option in new Option[] { strategies, repeats, capacities, limits })
            command.Options.Add(option);
        search.AddTo(command);
        foreach (var option in new Option[] { json, csv, markdown, html })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (new[] { json, csv, markdown }.Count(result.GetValue) > 1)
                result.AddError("Say one of --json, --csv and --markdown.");
            if (result.GetValue(html) is not null && result.GetValue(inputs.Files) is { Length: > 1 })
                result.AddError("--html takes one file at a time.");
        });
        HelpPage.AddExamples(
            command, "compare lengths.csv -c 2048", "compare lengths.csv -c 2048 --html report.html",
            "compare lengths.npy -c 8192 --strategies bfd,auto,tight --time-limit 5 --log",
            "compare cuts.csv --column mm -c 6000 --capacities 5000,6500 --markdown -o comparison.md");
        command.SetAction((parsed, cancellationToken) => Task.Run(async () =>
        {
            using var page = parsed.GetValue(html) is { } path ? new ReplacedFile(path) : null;
            var chosen = parsed.GetValue(strategies) is { Length: > 0 } ids ? ids.Select(PackingStrategies.Find).ToArray() : [];
            var searches = Array.Exists(chosen, info => info.IsSearch);
            var read = inputs.CountAll(parsed, terminal, keepsOrder: Array.Exists(chosen, info => info.IsOnline));
            foreach (var (index, input) in read.Index())
            {
                var largest = input.Histogram.DistinctCount == 0 ? 0 : input.Histogram.Sizes[0];
                foreach (var capacity in parsed.GetValue(capacities) ?? [])
                    if (input.Sizes.ToUnits(capacity) < largest)
                        terminal.Error.Say(string.Create(CultureInfo.InvariantCulture,
                            $"{input.File}: --capacities {capacity} is not tried: the largest size is {input.Sizes.FromUnits(largest)}."));
                var options = new StudyOptions
                {
                    Strategies = chosen.Length == 0 ? null : [.. chosen.Select(info => info.Id)],
                    Repeats = parsed.GetValue(repeats) ?? 5,
                    Capacities = InUnits(parsed.GetValue(capacities), input.Sizes.ToUnits),
                    ItemLimits = InUnits(parsed.GetValue(limits), limit => (long)limit),
                    Decimals = input.Sizes.Decimals,
                    Search = search.Read(parsed, SearchLimit, cancellationToken),
                    SearchProgress = search.LogOf(parsed, terminal, input.File),
                };
                var table = new ComparisonTable(terminal, input.Limits);
                // Where there is a search, Ctrl+C ends that alone, and what it had is shown.
                var stop = searches ? CancellationToken.None : cancellationToken;
                var study = await table.WatchAsync(Task.Run(
                    () => input.HasItems ? PackingStudy.Run(input.ToProblem(), options, table, stop)
                        : PackingStudy.Run(input.Histogram, input.Limits, options, table, stop), CancellationToken.None));
                var comparison = Comparison.Of(input, study);
                if (page is not null)
                {
                    page.Writer.Write(ReportPage.Of(comparison, parsed.Tokens.Select(token => token.Value)));
                    page.Replace();
                }
                if (parsed.GetValue(json))
                    terminal.Output.WriteLine(JsonSerializer.Serialize(
                        ComparisonRecord.Of(comparison), CliJson.Default.ComparisonRecord));
                else if (parsed.GetValue(csv))
                    ComparisonRows.WriteCsv(terminal.Output, input.File, study, hasHeader: index == 0);
                else if (parsed.GetValue(markdown))
                    ComparisonRows.WriteMarkdown(terminal.Output, input.File, study);
                else
                    table.Show(input.File, study);
                cancellationToken.ThrowIfCancellationRequested();
            }
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }

    private static ValueList<long>? InUnits(decimal[]? values, Func<decimal, long> toUnits) =>
        values is null or [] ? null : [.. values.Select(toUnits)];
}
