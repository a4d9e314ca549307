using System.Numerics;

namespace PackingKit.Kernels;

/// <summary>Only the last bin is open. O(n).</summary>
internal static class NextFitKernel
{
    public static int Assign<T>(ReadOnlySpan<T> sizes, ReadOnlySpan<int> order, T capacity, int maxItemsPerBin, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>
    {
        int bins = 0, items = 0;
        var room = T.Zero;
        for (var i = 0; i < sizes.Length; i++)
        {
            var item = order.IsEmpty ? i : order[i];
            if (bins == 0 || sizes[item] > room || items == maxItemsPerBin)
                (bins, room, items) = (bins + 1, capacity, 0);
            room -= sizes[item];
            items++;
            binOfItem[item] = bins - 1;
        }
        return bins;
    }
}
