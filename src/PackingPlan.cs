using PackingKit.Kernels;

namespace PackingKit;

/// <summary>
/// A packing of a histogram: bins described by what sizes they hold, not by which items. A plan for 10^12 items is as small as one for
/// 10^4. <see cref="Deal"/> hands the items of a problem into it.
/// </summary>
/// <remarks>
/// <para>Stored as placements in the order in which the items of each size take their places: sizes decrease, and within a size the order
/// is the strategy's (first-fit by bin index, best-fit fullest bin first, worst-fit one item a bin in turn). Dealt in input order, the
/// assignment is the textbook's to the item.</para>
/// <para>Immutable, thread-safe, valid by construction: every item of the histogram has a place and no bin is over its limits.</para>
/// </remarks>
public sealed class PackingPlan
{
    private readonly Placement[] _placements;
    private IReadOnlyList<PackingPattern>? _patterns;

    private PackingPlan(SizeHistogram histogram, long capacity, int? maxItemsPerBin, Placement[] placements, long binCount) =>
        (Histogram, Capacity, MaxItemsPerBin, _placements, BinCount) = (histogram, capacity, maxItemsPerBin, placements, binCount);

    /// <summary>The items that are planned for.</summary>
    public SizeHistogram Histogram { get; }

    /// <summary>What one bin holds.</summary>
    public long Capacity { get; }

    /// <summary>The most items a bin may hold, or <see langword="null"/> for no limit.</summary>
    public int? MaxItemsPerBin { get; }

    /// <summary>Number of bins.</summary>
    public long BinCount { get; }

    /// <summary>The steps of the plan, in decreasing size and, within a size, in the order in which items take their places.</summary>
    public ReadOnlySpan<Placement> Placements => _placements;

    /// <summary>
    /// The plan by bins: each pattern with the neighbouring bins that hold it, in bin order. Worked out at first use, O(P log P) for P
    /// placements and the size of the answer.
    /// </summary>
    public IReadOnlyList<PackingPattern> Patterns => _patterns ??= PatternSweep.Patterns(_placements);

    /// <summary>A plan from placements made elsewhere, checked in full. O(P log P).</summary>
    /// <param name="histogram">The items that are planned for.</param>
    /// <param name="capacity">What one bin holds, at least 1.</param>
    /// <param name="placements">Steps in decreasing size; bins 0 to the last one named must all be used.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1; <see langword="null"/> for no limit.</param>
    /// <exception cref="ArgumentException">
    /// A step is malformed or out of order, a size is not placed as often as it occurs, a bin is over its limits or empty; the message
    /// names it.
    /// </exception>
    public static PackingPlan FromPlacements(
        SizeHistogram histogram, long capacity, IEnumerable<Placement> placements, int? maxItemsPerBin = null)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        ArgumentNullException.ThrowIfNull(placements);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        if (maxItemsPerBin is { } most)
            ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(maxItemsPerBin));
        Placement[] steps = [.. placements];
        PlanChecks.Check(histogram, capacity, maxItemsPerBin, steps);
        return Trusted(histogram, capacity, maxItemsPerBin, steps);
    }

    /// <summary>
    /// A plan from patterns with multiplicities, in bin order; the items of a size take their places in bin order. O(total entries).
    /// </summary>
    /// <param name="histogram">The items that are planned for.</param>
    /// <param name="capacity">What one bin holds, at least 1.</param>
    /// <param name="patterns">What each bin holds (size and copies) and in how many bins.</param>
    /// <param name="maxItemsPerBin">The most items a bin may hold, at least 1; <see langword="null"/> for no limit.</param>
    /// <exception cref="ArgumentException">
    /// A pattern is empty or its multiplicity below 1; else as for <see cref="FromPlacements"/>.
    /// </exception>
    public static PackingPlan FromPatterns(
        SizeHistogram histogram, long capacity,
        IEnumerable<(IReadOnlyList<KeyValuePair<long, long>> Items, long Multiplicity)> patterns, int? maxItemsPerBin = null)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        List<Placement> steps = [];
        long bin = 0;
        foreach (var (items, multiplicity) in patterns)
        {
            if (items is not { Count: > 0 } || multiplicity < 1)
                throw new ArgumentException(
                    $"The pattern of bin {bin} has {items?.Count ?? 0} sizes and the multiplicity {multiplicity}; both must be at least 1.",
                    nameof(patterns));
            foreach (var (size, copies) in items)
                steps.Add(new Placement(size, bin, multiplicity, copies));
            bin += multiplicity;
        }
        return FromPlacements(
            histogram, capacity, steps.OrderByDescending(step => step.Size).ThenBy(step => step.FirstBin), maxItemsPerBin);
    }

    /// <summary>
    /// Hands the items of a problem into the plan: items of one size, in input order, take the places of their size in the order of
    /// <see cref="Placements"/>. O(n + P), two passes over the items.
    /// </summary>
    /// <param name="problem">A problem with this plan's capacity, item limit and histogram.</param>
    /// <exception cref="ArgumentException">
    /// The problem is not the one that was planned for, or the plan has more items or bins than an array can hold.
    /// </exception>
    public Packing Deal(PackingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (problem.Capacity != Capacity || problem.MaxItemsPerBin != MaxItemsPerBin)
            throw new ArgumentException(
                $"The plan is for capacity {Capacity} and item limit {MaxItemsPerBin?.ToString() ?? "none"}.", nameof(problem));
        if (!ReferenceEquals(problem.Histogram, Histogram) && !(problem.Histogram.Sizes.SequenceEqual(Histogram.Sizes) && problem.Histogram.Counts.SequenceEqual(Histogram.Counts)))
            throw new ArgumentException("The problem's sizes are not those that were planned for.", nameof(problem));
        if (BinCount >= Array.MaxLength)
            throw new ArgumentException($"{BinCount} bins are more than an array can hold.", nameof(problem));

        var offsets = LargeArrays.Allocate((int)BinCount + 1);
        var items = LargeArrays.Allocate(problem.ItemCount);
        if (problem.TryGetInt32Sizes(out var sizes))
            Dealing.Rows(sizes, Histogram.Sizes, Histogram.Counts, problem.Counted, _placements, (int)BinCount, offsets, items);
        else
            Dealing.Rows(
                problem.GetInt64Sizes(), Histogram.Sizes, Histogram.Counts, problem.Counted, _placements, (int)BinCount, offsets, items);
        return Packing.Trusted(offsets, items);
    }

    /// <summary>
    /// Hands the items of one shard into the plan, by rank within a size: shards count on their own, one place plans on the sum, and each
    /// shard needs only the plan and the histogram of the shards before it. All shards together are dealt as <see cref="Deal"/> deals them
    /// in that order. O(n log D + P), 8 bytes a distinct size beside the result.
    /// </summary>
    /// <param name="sizes">Size of each item of the shard.</param>
    /// <param name="before">The items of all shards before this one.</param>
    /// <param name="binOfItem">
    /// Takes the bin of each item, from 0 to <see cref="BinCount"/> - 1; at least as long as <paramref name="sizes"/>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Before anything is written: the destination is too short, or there are more items of a size, in the shard and before it, than were
    /// planned for; the message names the size.
    /// </exception>
    public void DealShard(ReadOnlySpan<int> sizes, SizeHistogram before, Span<long> binOfItem)
    {
        ArgumentNullException.ThrowIfNull(before);
        RankDealing.Deal(this, sizes, SizeHistogram.Of(sizes), before, binOfItem);
    }

    /// <inheritdoc cref="DealShard(ReadOnlySpan{int}, SizeHistogram, Span{long})"/>
    public void DealShard(ReadOnlySpan<long> sizes, SizeHistogram before, Span<long> binOfItem)
    {
        ArgumentNullException.ThrowIfNull(before);
        RankDealing.Deal(this, sizes, SizeHistogram.Of(sizes), before, binOfItem);
    }

    /// <summary>Trusted: steps in decreasing size that place every item of the histogram within the limits.</summary>
    internal static PackingPlan Trusted(SizeHistogram histogram, long capacity, int? maxItemsPerBin, Placement[] steps) =>
        new(histogram, capacity, maxItemsPerBin, steps, BinsOf(steps));

    /// <summary>One more than the last bin that a step names.</summary>
    internal static long BinsOf(ReadOnlySpan<Placement> steps)
    {
        long bins = 0;
        foreach (ref readonly var step in steps)
            bins = Math.Max(bins, step.FirstBin + step.BinCount);
        return bins;
    }
}
