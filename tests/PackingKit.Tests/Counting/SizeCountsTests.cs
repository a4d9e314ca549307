using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Tests;

[Properties(MaxTest = 300)]
public class SizeCountsTests
{
    [Property]
    public void Counting_finds_sizes_out_of_range(int[] sizes, byte max, byte shards)
    {
        var expected = sizes.Any(size => size < 0 || size > max);
        using (var counted = SizeCounts.Of<int>(sizes, max, 1 + (shards % 4)))
            Assert.Equal(expected, counted.HasOutlier);
        // Cut to 32 bits they would all be in range.
        using (var counted = SizeCounts.Of<long>(Array.ConvertAll(sizes, size => (long)size << 32), max, 3))
            Assert.Equal(sizes.Any(size => size != 0), counted.HasOutlier);
        using (var counted = SizeCounts.Of<Int128>(Array.ConvertAll(sizes, size => (Int128)size), max, 2))
            Assert.Equal(expected, counted.HasOutlier);
        using (var counted = SizeCounts.Of<short>(Array.ConvertAll(sizes, size => (short)size), max, 2))
            Assert.Equal(sizes.Any(size => (short)size < 0 || (short)size > max), counted.HasOutlier);
    }
}
