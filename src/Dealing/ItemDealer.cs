namespace PackingKit;

/// <summary>Hands items, in input order, into the places of their size; the shards that they were counted in, side by side.</summary>
internal static class ItemDealer
{
    /// <summary>Rows of a plan for items whose histogram it was made for.</summary>
    public static void Rows<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<long> distinct, ReadOnlySpan<long> counts, in SizeCounts counted, ReadOnlySpan<Placement> steps,
        int bins, Span<int> offsets, Span<int> items)
        where T : struct, IBinaryInteger<T>
    {
        var rented = LargeArrays.Rent(sizes.Length);
        var order = rented.AsSpan(0, sizes.Length);
        if (distinct.IsEmpty || SizeCounts.HasTable(distinct[0], sizes.Length))
            DecreasingOrder.ByCounts(sizes, distinct, counts, counted, order);
        else
            DecreasingOrder.ByDigits(sizes, order);
        RowWriter.FromPlan(steps, bins, order, offsets, items, counted.Shards);
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>The bin of each item, by a table of cursors: for sizes in a range that a table pays for.</summary>
    public static void Assignment<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<long> distinct, in SizeCounts counted, ReadOnlySpan<Placement> steps, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return;
        var range = (int)distinct[0] + 1;
        SizeCounter.AssertWithin(sizes, range);
        var cursors = new PooledList<BinCursor>(steps.Length + 1);
        var first = ArrayPool<int>.Shared.Rent(range); // of each size, in the cursors
        long size = -1;
        foreach (ref readonly var step in steps)
        {
            if (step.Size != size)
                first[(int)(size = step.Size)] = cursors.Count;
            BinCursor.Add(step, ref cursors);
        }
        cursors.Add(default); // what the last item of the last size goes on to

        var shards = counted.Shards;
        var current = ArrayPool<BinCursor>.Shared.Rent(shards * range);
        var next = ArrayPool<int>.Shared.Rent(shards * range);
        var work = new DealingWork<T>
        {
            Sizes = sizes,
            BinOfItem = binOfItem,
            Distinct = distinct,
            Counted = counted,
            Cursors = cursors.Items,
            First = first,
            Range = range,
            Current = current,
            Next = next,
        };
        ShardRunner.Run(ref work, shards);
        cursors.Dispose();
        ArrayPool<int>.Shared.Return(first);
        ArrayPool<BinCursor>.Shared.Return(current);
        ArrayPool<int>.Shared.Return(next);
    }

    /// <summary>The bin of each item, where the items are in decreasing size, then input order.</summary>
    public static void Assignment(ReadOnlySpan<int> order, ReadOnlySpan<Placement> steps, Span<int> binOfItem)
    {
        foreach (ref readonly var step in steps)
        {
            var (bin, left) = ((int)step.FirstBin, step.CopiesPerBin);
            foreach (var item in order[..(int)step.ItemCount])
            {
                binOfItem[item] = bin;
                if (--left == 0)
                    (bin, left) = (bin + 1, step.CopiesPerBin);
            }
            order = order[(int)step.ItemCount..];
        }
    }

    private ref struct DealingWork<T> : IShardedWork
        where T : struct, IBinaryInteger<T>
    {
        public ReadOnlySpan<T> Sizes;
        public Span<int> BinOfItem;
        public ReadOnlySpan<long> Distinct;
        public SizeCounts Counted;
        public ReadOnlySpan<BinCursor> Cursors;
        public ReadOnlySpan<int> First;
        public Span<BinCursor> Current; // by size, of each shard
        public Span<int> Next;
        public int Range;

        public readonly void Run(int shard)
        {
            var cursors = Cursors;
            var current = Current.Slice(shard * Range, Range);
            var next = Next.Slice(shard * Range, Range);
            var ranks = Counted.RanksOf(shard);
            foreach (var each in Distinct)
            {
                var size = (int)each;
                next[size] = First[size];
                current[size] = BinCursor.Skip(ranks.IsEmpty ? 0 : ranks[size], cursors, ref next[size]);
            }

            // Every size is among the distinct ones, so the tables need no bounds checks.
            var part = ShardRunner.ItemsOf(shard, Counted.Shards, Sizes.Length);
            var sizes = Sizes[part];
            ref var ofSize = ref MemoryMarshal.GetReference(current);
            ref var first = ref MemoryMarshal.GetReference(sizes);
            ref var bin = ref MemoryMarshal.GetReference(BinOfItem[part]);
            for (nint item = 0; item < sizes.Length; item++)
            {
                var at = (nint)int.CreateTruncating(Unsafe.Add(ref first, item));
                ref var cursor = ref Unsafe.Add(ref ofSize, at);
                if (cursor.Deal(out Unsafe.Add(ref bin, item)))
                    cursor = cursors[next[(int)at]++];
            }
        }
    }
}
