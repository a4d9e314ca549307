namespace PackingKit;

/// <summary>
/// A number of bins that no packing goes below, the rule that proves it, and what anybody can check it by where the rule has such.
/// </summary>
/// <param name="Bins">The bound.</param>
/// <param name="Rule">The rule: one of <see cref="BoundRule"/>, or the name of a rule of the caller's own.</param>
/// <param name="Prices">Prices that prove the bound, or <see langword="null"/>; a certificate carries them on.</param>
/// <param name="Refutation">
/// The proof that one bin less is too few, where prices alone are none, or <see langword="null"/>; a certificate carries it on.
/// </param>
[DebuggerDisplay("{ToString(),nq}")]
public readonly record struct LowerBound(long Bins, string Rule, DualPrices? Prices = null, Refutation? Refutation = null)
{
    /// <summary>"245 (L2)"; "no bound" for the default value, which no rule proves.</summary>
    public override string ToString() => Rule is null ? "no bound" : $"{Bins} ({Rule})";

    /// <summary>The higher of two bounds; of equal ones the first.</summary>
    public static LowerBound Max(LowerBound first, LowerBound second) => second.Bins > first.Bins ? second : first;
}
