using System.Numerics;
using System.Runtime.CompilerServices;

namespace PackingKit;

/// <summary>The checks that every way in shares: capacity first, then each size, then the total.</summary>
internal static class SizeChecks
{
    /// <summary>The sum of <paramref name="sizes"/>, or the exception that names the first bad one.</summary>
    public static long Total<T>(ReadOnlySpan<T> sizes, long capacity)
        where T : struct, IBinaryInteger<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        long total = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var size = long.CreateTruncating(sizes[i]);
            if ((ulong)size > (ulong)capacity)
                ThrowSize(i, size, capacity);
            total += size;
            if (total < 0)
                ThrowTotal(i, size);
        }
        return total;
    }

    /// <summary>As <see cref="Total"/>, for the span lanes: also refuses a destination of the wrong length.</summary>
    public static void Lane<T>(ReadOnlySpan<T> sizes, T capacity, int maxItemsPerBin, int destination, [CallerArgumentExpression(nameof(destination))] string name = "")
        where T : struct, IBinaryInteger<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItemsPerBin, 1);
        if (destination < sizes.Length)
            throw new ArgumentException($"{sizes.Length} items need a destination of that length, not {destination}.", name.Replace(".Length", "", StringComparison.Ordinal));
        Total(sizes, long.CreateChecked(capacity));
    }

    private static void ThrowSize(int index, long size, long capacity) => throw new ArgumentOutOfRangeException(
        "sizes", size, size < 0 ? $"Item {index} has size {size}, which is negative." : $"Item {index} has size {size}, which is above the capacity {capacity}.");

    private static void ThrowTotal(int index, long size) => throw new ArgumentOutOfRangeException(
        "sizes", size, $"The total size leaves the range of a 64-bit integer at item {index}.");
}
