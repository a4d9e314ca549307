namespace PackingKit;

/// <summary>Compressed sparse rows from items that are in order already: everything is written once, from front to back.</summary>
internal static class RowWriter
{
    /// <summary>Items of the rows that are written together: few enough for the first cache.</summary>
    private const int ItemsAtOnce = 4096;

    /// <summary>
    /// Rows of a plan. A step's items are next to each other in the order, so a bin's row is a piece
    /// from each of the steps that go through it.
    /// </summary>
    /// <param name="steps">The plan.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="order">Items in decreasing size, then input order.</param>
    /// <param name="offsets">Takes the starts; of length <paramref name="bins"/> + 1.</param>
    /// <param name="items">Takes the items; as long as <paramref name="order"/>.</param>
    /// <param name="shards">Number of parts, of about equal work, that the bins are cut into.</param>
    public static void FromPlan(
        ReadOnlySpan<Placement> steps, int bins, ReadOnlySpan<int> order, Span<int> offsets, Span<int> items, int shards)
    {
        var (sources, chains) = (ArrayPool<int>.Shared.Rent(steps.Length), ArrayPool<int>.Shared.Rent(shards * steps.Length));
        var source = 0;
        for (var step = 0; step < steps.Length; step++)
        {
            sources[step] = source;
            source += (int)steps[step].ItemCount;
        }
        Debug.Assert(source == order.Length && offsets.Length > bins && items.Length >= order.Length);
        Span<int> borders = stackalloc int[shards + 1];
        for (var shard = 1; shard <= shards; shard++)
            borders[shard] = shard == shards ? bins : Border(steps, bins, order.Length, (double)shard / shards);
        var work = new WritingPlan
        {
            Steps = steps,
            Sources = sources,
            Chains = chains,
            Borders = borders,
            Order = order,
            Offsets = offsets,
            Items = items,
        };
        ShardRunner.Run(ref work, shards);
        ArrayPool<int>.Shared.Return(sources);
        ArrayPool<int>.Shared.Return(chains);
    }

    /// <summary>Rows of an assignment: inside a bin items are as in the order, or in input order where that is empty.</summary>
    public static void FromAssignment(ReadOnlySpan<int> binOfItem, ReadOnlySpan<int> order, int bins, Span<int> offsets, Span<int> items)
    {
        // Counts, then starts; writing turns the starts into ends, which are the starts of the next bins.
        offsets = offsets[..(bins + 1)];
        offsets.Clear();
        foreach (var bin in binOfItem)
            offsets[bin]++;
        var start = 0;
        foreach (ref var offset in offsets)
            (offset, start) = (start, start + offset);
        for (var i = 0; i < binOfItem.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            items[offsets[binOfItem[item]]++] = item;
        }
        offsets[..^1].CopyTo(offsets[1..]);
        offsets[0] = 0;
    }

    /// <summary>The bin before which lies about a share of the work, which is items and bins alike.</summary>
    private static int Border(ReadOnlySpan<Placement> steps, int bins, int items, double share)
    {
        var (low, high) = (0, bins);
        for (var halvings = 0; halvings < 6; halvings++)
        {
            var middle = (low + high) >>> 1;
            (low, high) = ItemsBefore(middle, steps) + middle < share * ((double)items + bins) ? (middle, high) : (low, middle);
        }
        return low;
    }

    private static int ItemsBefore(int bin, ReadOnlySpan<Placement> steps)
    {
        long items = 0;
        foreach (ref readonly var step in steps)
            items += Math.Clamp(bin - step.FirstBin, 0, step.BinCount) * step.CopiesPerBin;
        return (int)items;
    }

    private ref struct WritingPlan : IShardedWork
    {
        public ReadOnlySpan<Placement> Steps;
        public ReadOnlySpan<int> Sources; // where a step's items begin in the order
        public Span<int> Chains; // by step, of each shard: the next step (plus one) that begins at the same bin
        public ReadOnlySpan<int> Borders;
        public ReadOnlySpan<int> Order;
        public Span<int> Offsets;
        public Span<int> Items;

        public readonly void Run(int shard)
        {
            var (bin, bins) = (Borders[shard], Borders[shard + 1]);
            var chain = Chains.Slice(shard * Steps.Length, Steps.Length);
            Chain(bin, Offsets[bin..bins], chain);
            var active = new PooledList<Strand>(64);
            var written = ItemsBefore(bin, Steps);
            while (bin < bins)
            {
                for (var begun = Offsets[bin]; begun > 0; begun = chain[begun - 1])
                {
                    ref readonly var step = ref Steps[begun - 1];
                    var copies = (int)step.CopiesPerBin;
                    var end = (int)(step.FirstBin + step.BinCount);
                    var source = Sources[begun - 1] + ((bin - (int)step.FirstBin) * copies);
                    Insert(ref active, new Strand { Step = begun, Source = source, Copies = copies, End = end });
                }
                int rowLength = 0, next = bins;
                foreach (ref readonly var strand in active.Items)
                    (rowLength, next) = (rowLength + strand.Copies, Math.Min(next, strand.End));
                var other = Offsets[(bin + 1)..next].IndexOfAnyExcept(0);
                next = other < 0 ? next : bin + 1 + other;

                for (var row = bin; row < next; row++)
                    Offsets[row] = written + ((row - bin) * rowLength);
                Write(active.Items, next - bin, rowLength, Order, Items[written..]);
                written += (next - bin) * rowLength;
                bin = next;
                DropEnded(ref active, bin);
            }
            if (shard == Borders.Length - 2)
                Offsets[bins] = written;
            active.Dispose();
        }

        /// <summary>
        /// Until a bin's turn its offset holds the first of the steps that begin there (plus one), chained in the order of the plan.
        /// Earlier steps begin at the first bin.
        /// </summary>
        private readonly void Chain(int first, Span<int> begins, Span<int> chain)
        {
            begins.Clear();
            for (var step = Steps.Length - 1; step >= 0; step--)
            {
                var begin = Math.Max(0, Steps[step].FirstBin - first);
                if (begin >= begins.Length || Steps[step].FirstBin + Steps[step].BinCount <= first)
                    continue;
                ref var head = ref begins[(int)begin];
                (chain[step], head) = (head, step + 1);
            }
        }

        private static void Write(Span<Strand> strands, int rows, int rowLength, ReadOnlySpan<int> order, Span<int> items)
        {
            var max = Math.Max(1, ItemsAtOnce / rowLength);
            for (int now; rows > 0; rows -= now, items = items[(now * rowLength)..])
            {
                now = Math.Min(rows, max);
                var column = 0;
                foreach (ref var strand in strands)
                {
                    var from = order.Slice(strand.Source, now * strand.Copies);
                    WriteColumn(from, strand.Copies, items[column..], rowLength);
                    strand.Source += from.Length;
                    column += strand.Copies;
                }
            }
        }

        private static void WriteColumn(ReadOnlySpan<int> from, int copies, Span<int> to, int rowLength)
        {
            if (copies == 1)
            {
                for (int i = 0, at = 0; i < from.Length; i++, at += rowLength)
                    to[at] = from[i];
                return;
            }
            for (; !from.IsEmpty; from = from[copies..])
            {
                from[..copies].CopyTo(to);
                if (from.Length > copies)
                    to = to[rowLength..];
            }
        }

        /// <summary>Keeps the strands in the order of the plan, which is that inside a bin.</summary>
        private static void Insert(ref PooledList<Strand> active, Strand strand)
        {
            var place = active.Count;
            while (place > 0 && active.Items[place - 1].Step > strand.Step)
                place--;
            active.Insert(place, strand);
        }

        private static void DropEnded(ref PooledList<Strand> active, int bin)
        {
            var kept = 0;
            foreach (var strand in active.Items)
                if (strand.End > bin)
                    active.Items[kept++] = strand;
            active.Truncate(kept);
        }

        /// <summary>A step that goes through the bins at hand, and how far its items have been used.</summary>
        private struct Strand
        {
            public int Step, Source, Copies, End;
        }
    }
}
