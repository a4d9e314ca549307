namespace PackingKit.Benchmarks;

/// <summary>The rows of the catalogue that the quick table measures: first-fit and best-fit decreasing first, then all that need no search.</summary>
internal static class Measured
{
    public static IReadOnlyList<StrategyInfo> All { get; } =
    [
        PackingStrategies.Find("ffd"), PackingStrategies.Find("bfd"),
        .. PackingStrategies.All.Where(info => !info.IsSearch && info.Id is not ("ffd" or "bfd")),
    ];
}
