using System.Globalization;
using PackingKit;
using PackingKit.Benchmarks;

/// <summary>
/// `-- calls`: the calls of an embedding service for real lengths, packed and in arrival order, under a limit of tokens and of inputs.
/// </summary>
internal static class CallTable
{
    /// <summary>The most tokens of one text; longer ones are cut to it.</summary>
    private const int LongestText = 8192;

    private static readonly EmbeddingCallOptions[] Limits =
    [
        new() { MaxTokens = 300_000, MaxInputs = 2048 }, new() { MaxTokens = 120_000, MaxInputs = 128 },
        new() { MaxTokens = LongestText, MaxInputs = 16 },
    ];

    public static int Run()
    {
        var sets = WorkloadSets.AllLengths([LongestText]).ToArray();
        if (sets.Length == 0)
        {
            Console.Error.WriteLine("The lengths are not on this machine; PACKINGKIT_SHARED names the folder that has them.");
            return 1;
        }
        Console.WriteLine("| lengths | texts | " + string.Join(" | ", Limits.Select(limits =>
            string.Create(CultureInfo.InvariantCulture, $"{limits.MaxTokens:N0} tokens, {limits.MaxInputs:N0} texts"))) + " |");
        Console.WriteLine("|---|---|" + string.Concat(Limits.Select(_ => "---|")));
        foreach (var set in sets)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {set.Name} | {set.Lengths.Length:N0} | ")
                + string.Join(" | ", Limits.Select(limits => Cell(set.Lengths, limits))) + " |");
        return 0;
    }

    /// <summary>Calls in arrival order, packed, and the bound where it is lower.</summary>
    private static string Cell(int[] lengths, EmbeddingCallOptions limits)
    {
        var texts = PackingProblem.Borrow(lengths, new BinLimits(limits.MaxTokens, limits.MaxInputs ?? BinLimits.Unlimited));
        var (arrival, packed) = (new NextFit().Pack(texts), limits.Strategy.Pack(texts));
        var bound = packed.Gap == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", bound {packed.Bound.Bins:N0}");
        return string.Create(CultureInfo.InvariantCulture, $"{arrival.BinCount:N0}, {packed.BinCount:N0}{bound}");
    }
}
