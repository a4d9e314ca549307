namespace PackingKit;

/// <summary>
/// A packing of a histogram: bins described by what sizes they hold, not by which items. A plan for 10^12 items is as small as one for
/// 10^4. <see cref="PlanDealing.Deal"/> hands the items of a problem into it.
/// </summary>
/// <remarks>
/// <para>Stored as placements in the order in which the items of each size take their places: sizes decrease, and within a size the order
/// is the strategy's (first-fit by bin index, best-fit fullest bin first, worst-fit one item for each bin in turn). Dealt in input order,
/// every item goes where the textbook's algorithm puts it.</para>
/// <para>Immutable, thread-safe, valid by construction: every item of the histogram has a place and no bin is over its limits.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PackingPlan : IEquatable<PackingPlan>
{
    private readonly Placement[] _placements;
    private ValueList<PackingPattern>? _patterns;

    private PackingPlan(SizeHistogram histogram, BinLimits limits, Placement[] placements, long binCount) =>
        (Histogram, Limits, _placements, BinCount) = (histogram, limits, placements, binCount);

    /// <summary>The items that are planned for.</summary>
    public SizeHistogram Histogram { get; }

    /// <summary>What one bin takes.</summary>
    public BinLimits Limits { get; }

    /// <summary>Number of bins.</summary>
    public long BinCount { get; }

    /// <summary>The steps of the plan, in decreasing size and, within a size, in the order in which items take their places.</summary>
    public ReadOnlySpan<Placement> Placements => _placements;

    /// <summary>
    /// The plan by bins: each pattern with the neighbouring bins that hold it, in bin order. Worked out at first use, O(P log P) for P
    /// placements and the size of the answer.
    /// </summary>
    public ValueList<PackingPattern> Patterns => _patterns ??= PatternSweep.Patterns(_placements);

    /// <summary>A plan from placements made elsewhere, checked in full. O(P log P).</summary>
    /// <param name="histogram">The items that are planned for.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="placements">Steps in decreasing size; bins 0 to the last one named must all be used.</param>
    /// <exception cref="ArgumentException">
    /// A step is malformed or out of order, a size is not placed as often as it occurs, a bin is over
    /// its limits or empty; the message names it.
    /// </exception>
    public static PackingPlan FromPlacements(SizeHistogram histogram, BinLimits limits, IEnumerable<Placement> placements)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        ArgumentNullException.ThrowIfNull(placements);
        limits.ThrowIfDefault(nameof(limits));
        Placement[] steps = [.. placements];
        PlanChecks.Check(histogram, limits, steps);
        return new PackingPlan(histogram, limits, steps, BinsOf(steps));
    }

    /// <summary>
    /// A plan from patterns with multiplicities, in bin order; the items of a size take their places in bin order. O(total entries).
    /// </summary>
    /// <param name="histogram">The items that are planned for.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="patterns">What each bin holds (size and copies) and in how many bins.</param>
    /// <exception cref="ArgumentException">
    /// A pattern is empty or its multiplicity below 1; else as for <see cref="FromPlacements"/>.
    /// </exception>
    public static PackingPlan FromPatterns(SizeHistogram histogram, BinLimits limits, IEnumerable<PackingPattern> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        List<Placement> steps = [];
        long bin = 0;
        foreach (var pattern in patterns)
        {
            if (pattern is not { Items.Count: > 0, Multiplicity: >= 1 })
                throw new ArgumentException(
                    $"The pattern of bin {bin} has {pattern?.Items?.Count ?? 0} sizes and the multiplicity {pattern?.Multiplicity ?? 0};"
                    + " both must be at least 1.", nameof(patterns));
            foreach (var (size, copies) in pattern.Items)
                steps.Add(new Placement(size, bin, pattern.Multiplicity, copies));
            bin += pattern.Multiplicity;
        }
        return FromPlacements(histogram, limits, steps.OrderByDescending(step => step.Size).ThenBy(step => step.FirstBin));
    }

    /// <summary>Whether both plan the same items into the same bins by the same steps. O(P + D).</summary>
    public bool Equals(PackingPlan? other) => other is not null
        && (ReferenceEquals(this, other)
            || (Limits == other.Limits && _placements.AsSpan().SequenceEqual(other._placements) && Histogram.Equals(other.Histogram)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PackingPlan);

    /// <summary>Of the limits, the number of bins and the histogram's totals alone. O(1).</summary>
    public override int GetHashCode() => HashCode.Combine(Limits, BinCount, Histogram);

    /// <summary>"245 bins of 1000 items".</summary>
    public override string ToString() =>
        $"{Plural.Of(BinCount, "bin")} of {Plural.Of(Histogram.ItemCount, "item")}";

    /// <summary>
    /// Trusted: steps in decreasing size that place every item of the histogram within the limits. Checked in debug builds only.
    /// </summary>
    internal static PackingPlan Trusted(SizeHistogram histogram, BinLimits limits, Placement[] steps)
    {
        AssertInvariants(histogram, limits, steps);
        return new PackingPlan(histogram, limits, steps, BinsOf(steps));

        [Conditional("DEBUG")]
        static void AssertInvariants(SizeHistogram histogram, BinLimits limits, Placement[] steps) =>
            PlanChecks.Check(histogram, limits, steps);
    }

    /// <summary>One more than the last bin that a step names.</summary>
    internal static long BinsOf(ReadOnlySpan<Placement> steps)
    {
        long bins = 0;
        foreach (ref readonly var step in steps)
            bins = Math.Max(bins, step.FirstBin + step.BinCount);
        return bins;
    }
}
