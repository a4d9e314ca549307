namespace PackingKit.Tests;

internal static class CatalogueExtensions
{
    /// <summary>The proved ratio with the least factor, or <see langword="null"/> where nothing is proved.</summary>
    public static ProvedRatio? StrongestRatio(this StrategyInfo info) =>
        info.Guarantees.Count == 0 ? null : info.Guarantees.MinBy(ratio => (double)ratio.Numerator / ratio.Denominator);
}
