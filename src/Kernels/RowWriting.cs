using System.Buffers;

namespace PackingKit.Kernels;

/// <summary>Compressed sparse rows from items that stand ready in order: everything is written once, from front to back.</summary>
internal static class RowWriting
{
    /// <summary>So many rows are written together that their part of the result stays in the first cache.</summary>
    private const int ItemsAtOnce = 4096;

    /// <summary>Rows of a plan. A step's items stand next to each other in the order, so a bin's row is a piece from each of the steps that go through it.</summary>
    /// <param name="steps">The plan.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="order">Items in decreasing size, then input order.</param>
    /// <param name="offsets">Takes the starts; of length <paramref name="bins"/> + 1.</param>
    /// <param name="items">Takes the items; as long as <paramref name="order"/>.</param>
    public static void FromPlan(ReadOnlySpan<Placement> steps, int bins, ReadOnlySpan<int> order, Span<int> offsets, Span<int> items)
    {
        // Until a bin's turn its offset holds the first of the steps that begin there (plus one), chained in the order of the plan.
        var begins = offsets[..bins];
        begins.Clear();
        var (chain, sources) = (ArrayPool<int>.Shared.Rent(steps.Length + 1), ArrayPool<int>.Shared.Rent(steps.Length + 1));
        var source = order.Length;
        for (var step = steps.Length - 1; step >= 0; step--)
        {
            source -= (int)steps[step].ItemCount;
            ref var first = ref begins[(int)steps[step].FirstBin];
            (chain[step], sources[step], first) = (first, source, step + 1);
        }

        var active = new PooledList<Strand>(64);
        int bin = 0, written = 0;
        while (bin < bins)
        {
            for (var begun = begins[bin]; begun > 0; begun = chain[begun - 1])
            {
                ref readonly var step = ref steps[begun - 1];
                var end = (int)(step.FirstBin + step.BinCount);
                Insert(ref active, new Strand { Step = begun, Source = sources[begun - 1], Copies = (int)step.CopiesPerBin, End = end });
            }
            int rowLength = 0, next = bins;
            foreach (ref readonly var strand in active.Items)
                (rowLength, next) = (rowLength + strand.Copies, Math.Min(next, strand.End));
            var other = begins[(bin + 1)..next].IndexOfAnyExcept(0);
            next = other < 0 ? next : bin + 1 + other;

            for (var row = bin; row < next; row++)
                offsets[row] = written + ((row - bin) * rowLength);
            Write(active.Items, next - bin, rowLength, order, items[written..]);
            written += (next - bin) * rowLength;
            bin = next;
            DropEnded(ref active, bin);
        }
        offsets[bins] = written;
        active.Dispose();
        ArrayPool<int>.Shared.Return(chain);
        ArrayPool<int>.Shared.Return(sources);
    }

    /// <summary>Rows of an assignment: inside a bin items stand as in the order, or in input order where that is empty.</summary>
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

    private static void Write(Span<Strand> strands, int rows, int rowLength, ReadOnlySpan<int> order, Span<int> items)
    {
        var most = Math.Max(1, ItemsAtOnce / rowLength);
        for (int now; rows > 0; rows -= now, items = items[(now * rowLength)..])
        {
            now = Math.Min(rows, most);
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
