using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PackingKit.Kernels;

/// <summary>Hands items, in input order, into the places of their size.</summary>
internal static class Dealing
{
    /// <summary>Rows of a plan for items whose histogram it was made for.</summary>
    public static void Rows<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<long> distinct, ReadOnlySpan<long> counts, ReadOnlySpan<Placement> steps, int bins, Span<int> offsets, Span<int> items)
        where T : struct, IBinaryInteger<T>
    {
        var rented = ArrayPool<int>.Shared.Rent(sizes.Length);
        var order = rented.AsSpan(0, sizes.Length);
        if (distinct.IsEmpty || Counting.HasTable(distinct[0], sizes.Length))
            DecreasingOrder.ByCounts(sizes, distinct, counts, order);
        else
            DecreasingOrder.ByDigits(sizes, order);
        RowWriting.FromPlan(steps, bins, order, offsets, items);
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>The bin of each item, by a table of cursors: for sizes in a range that a table pays for.</summary>
    public static void Assignment<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<long> distinct, ReadOnlySpan<Placement> steps, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return;
        var cursors = new PooledList<BinCursor>(steps.Length + 1);
        var range = (int)distinct[0] + 1;
        var current = ArrayPool<BinCursor>.Shared.Rent(range);
        var next = ArrayPool<int>.Shared.Rent(range);
        long size = -1;
        foreach (ref readonly var step in steps)
        {
            if (step.Size != size)
                next[(int)(size = step.Size)] = cursors.Count;
            BinCursor.Add(step, ref cursors);
        }
        cursors.Add(default); // what the last item of the last size goes on to
        foreach (var each in distinct)
            current[(int)each] = cursors.Items[next[(int)each]++];

        // Every size is among the distinct ones, so the tables need no bounds checks.
        ref var ofSize = ref MemoryMarshal.GetArrayDataReference(current);
        ref var first = ref MemoryMarshal.GetReference(sizes);
        ref var bin = ref MemoryMarshal.GetReference(binOfItem[..sizes.Length]);
        for (nint item = 0; item < sizes.Length; item++)
        {
            var at = (nint)int.CreateTruncating(Unsafe.Add(ref first, item));
            ref var cursor = ref Unsafe.Add(ref ofSize, at);
            if (cursor.Deal(out Unsafe.Add(ref bin, item)))
                cursor = cursors.Items[next[at]++];
        }
        cursors.Dispose();
        ArrayPool<BinCursor>.Shared.Return(current);
        ArrayPool<int>.Shared.Return(next);
    }
}
