namespace PackingKit;

/// <summary>Deals the items of a shard: those of a size take the places behind the ones that the shards before have taken.</summary>
internal static class RankDealer
{
    /// <param name="plan">The plan.</param>
    /// <param name="sizes">Of the shard.</param>
    /// <param name="shard">Counts of <paramref name="sizes"/>.</param>
    /// <param name="before">The items of all shards before this one.</param>
    /// <param name="through">Those and the shard's, as they were counted; <see langword="null"/> where that is not known.</param>
    /// <param name="binOfItem">Takes the bins.</param>
    public static void Deal<T>(
        PackingPlan plan, ReadOnlySpan<T> sizes, SizeHistogram shard, SizeHistogram before, SizeHistogram? through, Span<long> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(before);
        SizeChecks.Destination(sizes, binOfItem, nameof(binOfItem));
        if (through is not null)
            CheckCounted(shard, before, through);
        foreach (var (size, count) in shard.Pairs())
        {
            var (planned, taken) = (plan.Histogram.CountOf(size), before.CountOf(size));
            if (count > planned - taken)
                throw new ArgumentException(
                    $"The shard has {count} items of size {size} and the shards before it {taken}; {planned} were planned for.",
                    nameof(sizes));
        }

        var cursors = Cursors(plan, shard, before);
        var steps = plan.Placements;
        if (sizes.IsEmpty)
            return;
        // One table in the place of a search for each item, where the sizes allow it.
        var range = SizeCounts.HasTable(shard.Sizes[0], sizes.Length) ? (int)shard.Sizes[0] + 1 : 0;
        var rented = ArrayPool<int>.Shared.Rent(range);
        var place = rented.AsSpan(0, range);
        for (var i = 0; i < cursors.Length && range > 0; i++)
            place[(int)shard.Sizes[i]] = i;
        for (var item = 0; item < sizes.Length; item++)
        {
            ref var cursor = ref cursors[
                range > 0 ? place[int.CreateTruncating(sizes[item])] : shard.IndexOf(long.CreateTruncating(sizes[item]))];
            if (cursor.Left == 0)
                cursor.Begin(steps);
            binOfItem[item] = cursor.Bin;
            cursor.Left--;
            if (--cursor.LeftInBin == 0)
                (cursor.Bin, cursor.LeftInBin) = (cursor.Bin + 1, steps[cursor.Step].CopiesPerBin);
        }
        ArrayPool<int>.Shared.Return(rented);
    }

    private static void CheckCounted(SizeHistogram shard, SizeHistogram before, SizeHistogram through)
    {
        foreach (var (size, _) in (shard + before + through).Pairs())
        {
            var (count, counted) = (shard.CountOf(size), through.CountOf(size) - before.CountOf(size));
            if (count != counted)
                throw new ArgumentException(
                    $"The shard has {count} items of size {size}; {counted} were counted.", "sizes");
        }
    }

    /// <summary>Of each size of the shard: where its next item goes.</summary>
    private static Cursor[] Cursors(PackingPlan plan, SizeHistogram shard, SizeHistogram before)
    {
        var cursors = new Cursor[shard.DistinctCount];
        var step = 0;
        for (var i = 0; i < cursors.Length; i++)
        {
            while (plan.Placements[step].Size != shard.Sizes[i])
                step++;
            cursors[i] = Cursor.Skip(before.CountOf(shard.Sizes[i]), step, plan.Placements);
        }
        return cursors;
    }

    /// <summary>Where the next item of a size goes, while items are left in the step.</summary>
    private struct Cursor
    {
        public int Step;
        public long Left;
        public long Bin;
        public long LeftInBin;

        /// <summary>The cursor after items of the size have been dealt, from its first step on; those after the last may be none.</summary>
        public static Cursor Skip(long items, int step, ReadOnlySpan<Placement> steps)
        {
            while (items >= steps[step].ItemCount)
            {
                items -= steps[step].ItemCount;
                if (items == 0 || step + 1 == steps.Length)
                    return new Cursor { Step = step }; // at its end: what follows begins with the next item
                step++;
            }
            ref readonly var placement = ref steps[step];
            return new Cursor
            {
                Step = step,
                Left = placement.ItemCount - items,
                Bin = placement.FirstBin + (items / placement.CopiesPerBin),
                LeftInBin = placement.CopiesPerBin - (items % placement.CopiesPerBin),
            };
        }

        /// <summary>Goes on to the next step.</summary>
        public void Begin(ReadOnlySpan<Placement> steps)
        {
            ref readonly var next = ref steps[++Step];
            (Left, Bin, LeftInBin) = (next.ItemCount, next.FirstBin, next.CopiesPerBin);
        }
    }
}
