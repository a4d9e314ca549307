namespace PackingKit.Benchmarks;

/// <summary>The rows of the catalogue that the quick table measures: all that need no search.</summary>
/// <remarks>
/// The order is fixed, because a strategy that runs after a similar one finds caches and pools warm: another order moves ratios by a tenth.
/// </remarks>
internal static class Measured
{
    private static readonly string[] First =
        ["ffd", "bfd", "wfd", "nfd", "ff", "bf", "wf", "nf", "harmonic", "mffd", "b2f", "fill2", "mbs", "mbs-prime", "auto"];

    public static IReadOnlyList<StrategyInfo> All { get; } =
    [
        .. First.Select(PackingStrategies.Find),
        .. PackingStrategies.All.Where(info => !info.IsSearch && !First.Contains(info.Id)),
    ];
}
