using System.CommandLine;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>Spreads items over a number of bins as evenly as can be, and tells how far that is proved.</summary>
internal static class BalanceCommand
{
    /// <summary>Enough for a proof on most files; what needs longer may need very long.</summary>
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(10);

    /// <summary>Beyond so many a list of bins is none to read.</summary>
    private const int MaxBins = 1_000_000;

    private static readonly Dictionary<string, Func<SearchOptions, IBalancingStrategy>> Strategies = new()
    {
        ["exact"] = options => new ExactBalancing(options),
        ["ldm"] = _ => new LargestDifferencing(),
        ["bldm"] = _ => new BalancedDifferencing(),
        ["lpt"] = _ => new LongestProcessingTime(),
    };

    public static Command Create(Terminal terminal)
    {
        var inputs = new InputOptions();
        var search = new SearchingOptions();
        var list = new ItemsList();
        var bins = NumberOption.Create<int>(
            "--bins", "The number of bins.", count => count is > 0 and <= MaxBins ? null : $"from 1 to {MaxBins}", "-k");
        bins.Required = true;
        var strategy = new Option<string>("--strategy", "-s")
        {
            Description =
                "exact, the best with a proof, as far as time allows; ldm, largest differencing; bldm, the same with equal numbers of "
                + "items; lpt, longest first.",
            DefaultValueFactory = _ => "exact",
        }.AcceptOnlyFromAmong([.. Strategies.Keys]);
        var command = new Command(
            "balance",
            $"Spread items over a number of bins so that the largest load is least, for {DefaultLimit.TotalSeconds} s at most by default.")
        {
            inputs.Files, bins, strategy,
        };
        HelpPage.Group("Strategy", bins, strategy);
        inputs.AddTo(command, takesCapacity: false, takesMaxItems: false);
        search.AddTo(command, logs: false);
        list.AddTo(command);
        HelpPage.AddExamples(
            command, "balance tests.csv --column seconds --id test -k 4 --unit s",
            "balance files.csv --column bytes -k 8 -s ldm --items csv -o shards.csv");
        // Off this thread, so that Ctrl+C is heard while standard input is waited for.
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var input = inputs.ReadOne(parsed, terminal, largest: null);
            var rows = list.Name(parsed, input, areAlike: true);
            var costs = new long[input.Problem.ItemCount];
            for (var item = 0; item < costs.Length; item++)
                costs[item] = input.Problem[item];
            var options = search.Read(parsed, DefaultLimit, cancellationToken);
            var result = Strategies[parsed.GetRequiredValue(strategy)](options).Balance(costs, parsed.GetValue(bins)!.Value);
            var packed = Packed(input, rows, result, list.Unit(parsed));
            list.Write(
                parsed, terminal.Output, packed, inputs.CountColumn(parsed), () => BalanceJson.Write(terminal.Output, packed, result));
            cancellationToken.ThrowIfCancellationRequested(); // after what the search had found
            return CommandLine.Success;
        }, cancellationToken));
        return command;
    }

    private static PackedItems Packed(Input input, ItemRows rows, BalancingResult result, string unit)
    {
        var (largest, bound) = (input.Sizes.FromUnits(result.LargestLoad), input.Sizes.FromUnits(result.LowerBound));
        var proof = result.Gap == 0 ? "none is less" : $"none is below {PackedItems.Measure(bound, unit)}";
        return new PackedItems(
            input, rows, unit,
            $"{PackedItems.Plural(result.Packing.BinCount, "bin")} for {PackedItems.Plural(input.Problem.ItemCount, "item")}, "
            + $"largest load {PackedItems.Measure(largest, unit)}; {proof}.",
            result.Packing.Bins.Select(bin =>
            {
                var load = bin.Sum(item => input.Problem[item]);
                return new PackedBin(
                    largest, input.Sizes.FromUnits(load), input.Sizes.FromUnits(result.LargestLoad - load), "below the largest", [.. bin]);
            }));
    }
}
