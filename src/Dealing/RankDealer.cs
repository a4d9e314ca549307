namespace PackingKit;

/// <summary>Deals the items of a shard: those of a size take the places behind the ones that the shards before have taken.</summary>
internal static class RankDealer
{
    public static void Deal<T>(PackingPlan plan, ReadOnlySpan<T> sizes, SizeHistogram shard, SizeHistogram before, Span<long> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(before);
        SizeChecks.Destination(sizes, binOfItem, nameof(binOfItem));
        foreach (var (size, count) in shard.Pairs())
        {
            var (planned, taken) = (plan.Histogram.CountOf(size), before.CountOf(size));
            if (count > planned - taken)
                throw new ArgumentException(
                    $"The shard has {count} items of size {size} and the shards before it {taken}; {planned} were planned for.",
                    nameof(sizes));
        }

        var cursors = Cursors(plan, shard, before);
        for (var item = 0; item < sizes.Length; item++)
        {
            ref var cursor = ref cursors[shard.IndexOf(long.CreateTruncating(sizes[item]))];
            while (cursor.Rank >= plan.Placements[cursor.Step].ItemCount)
                cursor = (cursor.Step + 1, cursor.Rank - plan.Placements[cursor.Step].ItemCount);
            ref readonly var step = ref plan.Placements[cursor.Step];
            binOfItem[item] = step.FirstBin + (cursor.Rank++ / step.CopiesPerBin);
        }
    }

    /// <summary>Of each size of the shard: its first step, and how many of its items the shards before have dealt.</summary>
    private static (int Step, long Rank)[] Cursors(PackingPlan plan, SizeHistogram shard, SizeHistogram before)
    {
        var cursors = new (int, long)[shard.DistinctCount];
        var step = 0;
        for (var i = 0; i < cursors.Length; i++)
        {
            while (plan.Placements[step].Size != shard.Sizes[i])
                step++;
            cursors[i] = (step, before.CountOf(shard.Sizes[i]));
        }
        return cursors;
    }
}
