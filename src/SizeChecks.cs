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
        var most = T.CreateSaturating(capacity);
        long total = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (T.IsNegative(sizes[i]) || sizes[i] > most)
                ThrowSize(i, sizes[i], capacity);
            total += long.CreateTruncating(sizes[i]);
            if (total < 0)
                ThrowTotal(i, sizes[i]);
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
        if (capacity > T.CreateSaturating(long.MaxValue))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity leaves the range of a 64-bit integer.");
        Total(sizes, long.CreateTruncating(capacity));
    }

    private static void ThrowSize<T>(int index, T size, long capacity)
        where T : struct, IBinaryInteger<T> => throw new ArgumentOutOfRangeException(
        "sizes", size, T.IsNegative(size) ? $"Item {index} has size {size}, which is negative." : $"Item {index} has size {size}, which is above the capacity {capacity}.");

    private static void ThrowTotal<T>(int index, T size)
        where T : struct, IBinaryInteger<T> => throw new ArgumentOutOfRangeException(
        "sizes", size, $"The total size leaves the range of a 64-bit integer at item {index}.");
}
