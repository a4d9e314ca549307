namespace PackingKit;

/// <summary>
/// What a packing claims, in a form that <see cref="CertificateChecker"/> can check from the sizes alone: what the bins hold, and for the bound either a rule that
/// can be computed again or integer prices.
/// </summary>
/// <remarks>
/// Bins are told by sizes, as in a plan: which of two equal items stands in which bin proves nothing. A certificate is only a claim: whatever it says may be
/// false. Immutable. <see cref="CertificateJson"/> writes and reads it.
/// </remarks>
/// <param name="Capacity">What one bin holds.</param>
/// <param name="MaxItemsPerBin">The most items a bin may hold, or <see langword="null"/> for no limit.</param>
/// <param name="Patterns">What the bins hold; the multiplicities add up to the number of bins.</param>
/// <param name="LowerBound">The claim that no packing has fewer bins.</param>
/// <param name="BoundRule">The rule behind that claim: "L1", "L2", "DFF", "column generation", "cp-sat".</param>
/// <param name="Duals">Prices that prove the bound, where the rule has such.</param>
public sealed record PackingCertificate(
    long Capacity, int? MaxItemsPerBin, IReadOnlyList<PackingPattern> Patterns, long LowerBound, string BoundRule, DualBound? Duals)
{
    /// <summary>The certificate of a plan. O(patterns).</summary>
    public static PackingCertificate Of(PlanningResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Of(result.Plan, result.LowerBound, result.BoundRule, result.Duals);
    }

    /// <summary>The certificate of a packing. O(patterns) where it was dealt from a plan, else O(n log n).</summary>
    public static PackingCertificate Of(PackingProblem problem, PackingResult result)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(result);
        return result.Plan is { } plan
            ? Of(plan, result.LowerBound, result.BoundRule, result.Duals)
            : new(problem.Capacity, problem.MaxItemsPerBin, PatternsOf(problem, result.Packing), result.LowerBound, result.BoundRule, result.Duals);
    }

    private static PackingCertificate Of(PackingPlan plan, long lowerBound, string rule, DualBound? duals) =>
        new(plan.Capacity, plan.MaxItemsPerBin, plan.Patterns, lowerBound, rule, duals);

    private static PackingPattern[] PatternsOf(PackingProblem problem, Packing packing)
    {
        var patterns = new PackingPattern[packing.BinCount];
        foreach (var bin in packing.Bins)
        {
            var counts = new SortedDictionary<long, long>(Comparer<long>.Create((a, b) => b.CompareTo(a)));
            foreach (var item in bin.Items)
                counts[problem[item]] = counts.GetValueOrDefault(problem[item]) + 1;
            patterns[bin.Index] = new PackingPattern(bin.Index, 1, [.. counts]);
        }
        return patterns;
    }
}
