namespace PackingKit;

/// <summary>
/// Checks certificates from the sizes alone: every item once, every bin within its limits, and the bound by arithmetic on integers. It
/// shares no code with the strategies that search, and believes nothing that they say.
/// </summary>
/// <remarks>
/// <para>The bound is established in one of three ways. Prices: no bin may hold more than the limit, which one bounded knapsack decides,
/// and the bound is the items' total price over the limit, rounded up. A tree (<see cref="Refutation"/>): at each leaf prices, and a
/// knapsack with the conflicts in force. Rules of <see cref="LowerBounds"/> are computed again. A claim that rests on CP-SAT leaves
/// nothing to check, nor does one whose tree is too large to be kept: where the three ways do not reach it, the verdict is
/// <see cref="CertificateStatus.BoundNotCertified"/>.</para>
/// <para>Cost: O(patterns + D log D), and for prices a knapsack whose states are mostly cut off by the prices themselves; at worst O(D ·
/// capacity), times the item limit. For a tree O(D · capacity) for each leaf, up to a capacity of 65,536, and a search that the table
/// cuts off.</para>
/// </remarks>
public static class CertificateChecker
{
    /// <summary>The steps where no number is given: some ten seconds.</summary>
    public const long DefaultSteps = 1L << 31;

    /// <summary>Checks a certificate against a problem.</summary>
    /// <param name="problem">What was to be packed.</param>
    /// <param name="certificate">The claim.</param>
    /// <param name="steps">
    /// How many steps the knapsack of the prices may take, and all those of a tree together, at least 1; beyond them, or beyond 0.3 GB of
    /// states, they prove nothing.
    /// </param>
    /// <param name="cancellationToken">Stops the knapsacks.</param>
    /// <exception cref="ArgumentException">A list of the certificate is <see langword="null"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the check was done.</exception>
    public static CertificateVerdict Check(
        PackingProblem problem, PackingCertificate certificate, long steps = DefaultSteps, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Check(problem.Histogram, problem.Limits, certificate, steps, cancellationToken);
    }

    /// <summary>Checks a certificate against a histogram.</summary>
    /// <param name="histogram">The items that were to be packed; sizes at most the capacity.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="certificate">The claim.</param>
    /// <param name="steps">
    /// How many steps the knapsack of the prices may take, and all those of a tree together, at least 1; beyond them, or beyond 0.3 GB of
    /// states, they prove nothing.
    /// </param>
    /// <param name="cancellationToken">Stops the knapsacks.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1, or a size is above the capacity.</exception>
    /// <exception cref="ArgumentException">A list of the certificate is <see langword="null"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the check was done.</exception>
    public static CertificateVerdict Check(
        SizeHistogram histogram, BinLimits limits, PackingCertificate certificate,
        long steps = DefaultSteps, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        CheckNoPartIsNull(certificate);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var claim = certificate.Bound;
        var rules = claim.Rule == BoundRule.DualFeasible
            ? LowerBounds.Strong(histogram, limits) : LowerBounds.Best(histogram, limits); // both check the arguments
        if (certificate.Limits != limits)
            return Refused(rules, $"It is for capacity {certificate.Limits.Capacity} and {ItemLimit(certificate.Limits)}.");
        if (PackingFault(histogram, limits, certificate.Patterns, out var bins) is { } fault)
            return Refused(rules, fault);

        var bound = rules;
        string? doubt = null;
        if (claim.Prices is { } duals)
        {
            if (PriceFault(histogram, duals) is { } wrong)
                return Refused(rules, wrong) with { Bins = bins };
            switch (new PriceCheck(histogram, limits, duals, steps, cancellationToken).HoldsWithin())
            {
                case false:
                    return Refused(rules, $"A bin can hold more than {duals.Limit} in price.") with { Bins = bins };
                case null:
                    doubt = $"The prices are not decided within {steps} steps and {PriceCheck.MaxStates} states.";
                    break;
                default:
                    bound = duals.Bins > rules.Bins ? new LowerBound(duals.Bins, "prices") : rules;
                    break;
            }
        }
        if (claim.Refutation is { } proof)
        {
            if (proof.Bins >= bins)
                return Refused(rules, $"The tree refutes {proof.Bins} bins, and there is a packing into {bins}.") with { Bins = bins };
            var check = new RefutationCheck(histogram, limits, proof, steps, cancellationToken);
            if (check.Fault() is { } wrong)
                return Refused(rules, wrong) with { Bins = bins };
            doubt ??= check.Doubt;
            if (check.Doubt is null && proof.Bins >= bound.Bins)
                bound = new LowerBound(proof.Bins + 1, "a tree");
        }
        return Compare(claim, bins, bound, doubt);
    }

    /// <summary>Records made by hand may have null where there should be a list.</summary>
    private static void CheckNoPartIsNull(PackingCertificate certificate)
    {
        var (bound, prices, proof) = (certificate.Bound, certificate.Bound.Prices, certificate.Bound.Refutation);
        foreach (var (part, name) in (ReadOnlySpan<(object?, string)>)
        [
            (certificate.Patterns, "Patterns"), (bound.Rule, "Bound.Rule"),
            (prices is { Sizes: null }, "Bound.Prices.Sizes"), (prices is { Prices: null }, "Bound.Prices.Prices"),
            (proof is { Sizes: null }, "Bound.Refutation.Sizes"), (proof is { Fixed: null }, "Bound.Refutation.Fixed"),
            (proof is { Nodes: null }, "Bound.Refutation.Nodes"),
        ])
            if (part is null or true)
                throw new ArgumentException($"The certificate's {name} is null.", nameof(certificate));
    }

    private static CertificateVerdict Compare(LowerBound claim, long bins, LowerBound bound, string? doubt)
    {
        if (claim.Bins <= bound.Bins)
            return new(
                CertificateStatus.Verified, bins, bound.Bins, $"{bins} bins, and no packing has fewer than {bound.Bins} ({bound.Rule}).");
        if (claim.Bins > bins)
            return new(CertificateStatus.Refused, bins, bound.Bins, $"The bound {claim.Bins} is above the {bins} bins of the packing.");
        if (claim.Rule is BoundRule.L1 or BoundRule.L2 or BoundRule.DualFeasible)
            return new(CertificateStatus.Refused, bins, bound.Bins, $"The bound {claim.Bins} is not what {claim.Rule} gives.");
        return new(
            CertificateStatus.BoundNotCertified, bins, bound.Bins,
            doubt ?? $"The bound {claim.Bins} is on trust: '{claim.Rule}' left nothing to check;"
            + $" {bound.Bins} is certified ({bound.Rule}).");
    }

    private static string ItemLimit(BinLimits limits) => limits.HasItemLimit ? $"item limit {limits.MaxItems}" : "no item limit";

    private static CertificateVerdict Refused(LowerBound bound, string reason) =>
        new(CertificateStatus.Refused, Bins: null, bound.Bins, reason);

    /// <summary>What is wrong with the packing; nothing where it holds every item once, within the limits.</summary>
    private static string? PackingFault(
        SizeHistogram histogram, BinLimits limits, ValueList<PackingPattern> patterns, out long bins)
    {
        BigInteger binCount = 0;
        bins = 0;
        var placed = new BigInteger[histogram.DistinctCount];
        for (var i = 0; i < patterns.Count; i++)
        {
            BigInteger load = 0, items = 0;
            if (patterns[i] is not { Items: not null })
                return $"Pattern {i} is missing.";
            if (patterns[i].Multiplicity < 1)
                return $"Pattern {i} stands in {patterns[i].Multiplicity} bins.";
            foreach (var (size, copies) in patterns[i].Items)
            {
                if (copies < 1 || histogram.IndexOf(size) is not (>= 0 and var type))
                    return $"Pattern {i} holds {copies} items of size {size}, of which there are {histogram.CountOf(size)}.";
                load += (BigInteger)size * copies;
                items += copies;
                placed[type] += (BigInteger)copies * patterns[i].Multiplicity;
            }
            if (items == 0)
                return $"Pattern {i} is empty.";
            if (load > limits.Capacity)
                return $"Pattern {i} holds {load}, above the capacity {limits.Capacity}.";
            if (items > limits.MaxItems)
                return $"Pattern {i} holds {items} items, above the limit {limits.MaxItems}.";
            binCount += patterns[i].Multiplicity;
        }
        for (var type = 0; type < placed.Length; type++)
            if (placed[type] != histogram.Counts[type])
                return $"{placed[type]} items of size {histogram.Sizes[type]} are packed, where there are {histogram.Counts[type]}.";
        bins = (long)binCount; // at most the number of items
        return null;
    }

    /// <summary>What is wrong with the prices before any bin is looked at.</summary>
    private static string? PriceFault(SizeHistogram histogram, DualPrices duals)
    {
        if (duals.Sizes.Count != duals.Prices.Count)
            return $"There are {duals.Prices.Count} prices for {duals.Sizes.Count} sizes.";
        if (duals.Limit < 1)
            return $"The limit on a bin's price is {duals.Limit}.";
        BigInteger total = 0;
        HashSet<long> priced = [];
        for (var i = 0; i < duals.Sizes.Count; i++)
        {
            if (duals.Prices[i] < 0)
                return $"Size {duals.Sizes[i]} has the price {duals.Prices[i]}.";
            if (!priced.Add(duals.Sizes[i]))
                return $"Size {duals.Sizes[i]} has two prices.";
            total += (BigInteger)histogram.CountOf(duals.Sizes[i]) * duals.Prices[i];
        }
        var bins = (total + duals.Limit - 1) / duals.Limit;
        return bins == duals.Bins ? null : $"The prices give {bins} bins, not {duals.Bins}.";
    }
}
