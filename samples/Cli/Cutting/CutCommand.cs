using System.CommandLine;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>Plans how to cut a list of lengths from stock at the least cost, and prints the list to cut by.</summary>
internal static class CutCommand
{
    /// <summary>Enough for a proof where a few dozen lengths are wanted; what needs longer may need very long.</summary>
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(10);

    public static Command Create(Terminal terminal)
    {
        var inputs = new InputOptions();
        var search = new SearchingOptions();
        var options = new CutOptions();
        var list = new ItemsList();
        var command = new Command(
            "cut",
            $"Cut lengths from stock of one or several lengths at the least cost, for {DefaultLimit.TotalSeconds} s at most by default.")
        {
            inputs.Files,
        };
        inputs.AddTo(command, takesCapacity: false);
        options.AddTo(command);
        list.AddTo(command);
        search.AddTo(command, logs: false);
        HelpPage.AddExamples(
            command, "cut parts.csv --column mm --count qty --id part --stock 6000 --kerf 3 --unit mm",
            "cut parts.csv --column mm --count qty --stock 6000@25.5,10x4500@19 --items html");
        // Off this thread, so that Ctrl+C is heard while standard input is waited for.
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var stock = options.Stock(parsed);
            var input = inputs.ReadOne(parsed, terminal, stock.Max(kind => kind.Length));
            var rows = list.Name(parsed, input, areAlike: false);
            var plan = new CutPlan(
                input, stock, options.Kerf(parsed), options.TrimStart(parsed), options.TrimEnd(parsed), options.Keep(parsed),
                options.FewerPatterns(parsed), inputs.MaxItems(parsed), search.Read(parsed, DefaultLimit, cancellationToken));
            var unit = list.Unit(parsed);
            foreach (var kind in plan.Useless)
                terminal.Error.Say($"No item fits the stock of {PackedItems.Measure(kind.Length, unit)}.");
            var packed = new PackedItems(input, rows, unit, Verdict(plan, unit), plan.Bins(), areAlike: false);
            list.Write(
                parsed, terminal.Output, packed, inputs.CountColumn(parsed), () => CutJson.Write(terminal.Output, plan, packed));
            cancellationToken.ThrowIfCancellationRequested(); // after what the search had found
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }

    /// <summary>"6 of 6000 mm and 2 of 4500 mm for 59 items at cost 45000; no plan costs less."</summary>
    private static string Verdict(CutPlan plan, string unit)
    {
        var used = string.Join(" and ", plan.Used.Where(used => used.Bins > 0)
            .Select(used => $"{used.Bins} of {PackedItems.Measure(used.Kind.Length, unit)}"));
        var kept = plan.Kept > 0 ? $", {PackedItems.Measure(plan.Kept, unit)} to keep" : "";
        if (used.Length == 0)
            used = "No stock";
        return $"{used} for {PackedItems.Plural(plan.Input.Problem.ItemCount, "item")} at cost {plan.Cost}{kept}; no plan costs less"
            + (plan.Result.Status == CuttingStockStatus.Optimal ? "." : $" than {plan.LowerBound}.");
    }
}
