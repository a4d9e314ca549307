namespace PackingKit;

/// <summary>
/// What a packing claims, in a form that <see cref="CertificateChecker"/> can check from the sizes alone: what the bins hold, and for the
/// bound a rule that can be computed again, integer prices, or a tree with such at its leaves.
/// </summary>
/// <remarks>
/// Bins are given by sizes, as in a plan: which of two equal items is in which bin proves nothing. A certificate is only a claim: whatever
/// it says may be false. Immutable. <see cref="CertificateJson"/> writes and reads it.
/// </remarks>
/// <param name="Limits">What one bin takes.</param>
/// <param name="Patterns">What the bins hold; the multiplicities add up to the number of bins.</param>
/// <param name="Bound">The claim that no packing has fewer bins, with its rule and what proves it where the rule has such.</param>
public sealed record PackingCertificate(BinLimits Limits, ValueList<PackingPattern> Patterns, LowerBound Bound)
{
    /// <summary>The certificate of a plan. O(patterns).</summary>
    public static PackingCertificate Of(PlanningResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new(result.Plan.Limits, result.Plan.Patterns, result.Bound);
    }

    /// <summary>The certificate of a packing. O(patterns) where it was dealt from a plan, else O(n log n).</summary>
    public static PackingCertificate Of(PackingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new(result.Problem.Limits, result.Plan?.Patterns ?? PatternsOf(result), result.Bound);
    }

    private static ValueList<PackingPattern> PatternsOf(PackingResult result) => result.Packing.Bins
        .Select(bin => bin.CountBy(item => result.Problem[item]).OrderByDescending(pair => pair.Key))
        .Select(counts => new PackingPattern([.. counts.Select(pair => new SizeCount(pair.Key, pair.Value))])).ToValueList();
}
