namespace PackingKit;

/// <summary>From plans to packings: hands items, in input order, into the places that a plan has for their sizes.</summary>
public static class PlanDealing
{
    /// <summary>
    /// Hands the items of a problem into a plan: items of one size, in input order, take the places of their size in the order of
    /// <see cref="PackingPlan.Placements"/>. O(n + P) for P placements, two passes over the items.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="problem">A problem with the plan's limits and histogram.</param>
    /// <exception cref="ArgumentException">
    /// The problem is not the one that was planned for, or the plan has more items or bins than an array can hold.
    /// </exception>
    public static Packing Deal(this PackingPlan plan, PackingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(problem);
        if (problem.Limits != plan.Limits)
            throw new ArgumentException(
                $"The plan is for bins of {plan.Limits}, the problem has bins of {problem.Limits}.", nameof(problem));
        if (!problem.Histogram.Equals(plan.Histogram))
            throw new ArgumentException("The problem's sizes are not those that were planned for.", nameof(problem));
        if (plan.BinCount >= Array.MaxLength)
            throw new ArgumentException($"{plan.BinCount} bins are more than an array can hold.", nameof(problem));

        var offsets = LargeArrays.Allocate((int)plan.BinCount + 1);
        var items = LargeArrays.Allocate(problem.ItemCount);
        var histogram = plan.Histogram;
        if (problem.TryGetInt32Sizes(out var sizes))
            ItemDealer.Rows(
                sizes, histogram.Sizes, histogram.Counts, problem.Counted, plan.Placements, (int)plan.BinCount, offsets, items);
        else
            ItemDealer.Rows(
                problem.GetInt64Sizes(), histogram.Sizes, histogram.Counts, problem.Counted, plan.Placements, (int)plan.BinCount, offsets,
                items);
        return Packing.Trusted(offsets, items);
    }

    /// <summary>
    /// Hands the items of one shard into a plan, by rank within a size: shards count on their own, one place plans on the sum, and each
    /// shard needs only the plan and the histogram of the shards before it. All shards together are dealt as <see cref="Deal"/> deals them
    /// in that order. O(n log D + P), 8 bytes for each distinct size beside the result.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sizes">Size of each item of the shard.</param>
    /// <param name="before">The items of all shards before this one.</param>
    /// <param name="binOfItem">
    /// Takes the bin of each item, from 0 to <see cref="PackingPlan.BinCount"/> - 1; at least as long as <paramref name="sizes"/>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Before anything is written: the destination is too short, or there are more items of a size, in the shard and before it, than were
    /// planned for; the message names the size.
    /// </exception>
    public static void DealShard(this PackingPlan plan, ReadOnlySpan<int> sizes, SizeHistogram before, Span<long> binOfItem) =>
        RankDealer.Deal(plan, sizes, SizeHistogram.Of(sizes), before, null, binOfItem);

    /// <inheritdoc cref="DealShard(PackingPlan, ReadOnlySpan{int}, SizeHistogram, Span{long})"/>
    public static void DealShard(this PackingPlan plan, ReadOnlySpan<long> sizes, SizeHistogram before, Span<long> binOfItem) =>
        RankDealer.Deal(plan, sizes, SizeHistogram.Of(sizes), before, null, binOfItem);

    /// <summary>Deals a shard that must be the one that was counted: any other is refused, even where the plan has room for it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sizes">Size of each item of the shard.</param>
    /// <param name="before">The items of all shards before this one: <c>ShardDealing.RankOffsets(shards)[shard]</c>.</param>
    /// <param name="through">The same with this one: <c>ShardDealing.RankOffsets(shards)[shard + 1]</c>.</param>
    /// <param name="binOfItem">As above.</param>
    /// <exception cref="ArgumentException">
    /// Before anything is written: as above; or the shard has more or fewer items of a size than lie between <paramref name="before"/> and
    /// <paramref name="through"/>, and the message names the size.
    /// </exception>
    public static void DealShard(
        this PackingPlan plan, ReadOnlySpan<int> sizes, SizeHistogram before, SizeHistogram through, Span<long> binOfItem)
    {
        ArgumentNullException.ThrowIfNull(through);
        RankDealer.Deal(plan, sizes, SizeHistogram.Of(sizes), before, through, binOfItem);
    }

    /// <inheritdoc cref="DealShard(PackingPlan, ReadOnlySpan{int}, SizeHistogram, SizeHistogram, Span{long})"/>
    public static void DealShard(
        this PackingPlan plan, ReadOnlySpan<long> sizes, SizeHistogram before, SizeHistogram through, Span<long> binOfItem)
    {
        ArgumentNullException.ThrowIfNull(through);
        RankDealer.Deal(plan, sizes, SizeHistogram.Of(sizes), before, through, binOfItem);
    }

    /// <summary>What every strategy that plans does with a problem: plan on the histogram, deal the items.</summary>
    internal static PackingResult Pack(
        IPlanningStrategy strategy, PackingProblem problem, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var planned = strategy.Plan(problem.Histogram, problem.Limits, progress, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return new PackingResult
        {
            Problem = problem,
            Packing = planned.Plan.Deal(problem),
            Plan = planned.Plan,
            Bound = planned.Bound,
            Strategy = planned.Strategy,
            StopReason = planned.StopReason,
            Elapsed = clock.Elapsed,
        };
    }
}
