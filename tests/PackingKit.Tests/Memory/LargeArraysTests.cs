using System.Buffers;
using Xunit;

namespace PackingKit.Tests;

public sealed class LargeArraysTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4 << 20)]
    [InlineData((5 << 20) + 3)]
    public void Arrays_have_their_length_and_hold_what_is_written_at_both_ends(int length)
    {
        var array = LargeArrays.Allocate(length);
        Assert.Equal(length, array.Length);
        var rented = LargeArrays.Rent(length);
        Assert.True(rented.Length >= length);
        if (length > 0)
        {
            array.AsSpan().Fill(7);
            rented.AsSpan(0, length).Fill(8);
            Assert.Equal(-1, array.AsSpan().IndexOfAnyExcept(7));
            Assert.Equal(-1, rented.AsSpan(0, length).IndexOfAnyExcept(8));
        }
        ArrayPool<int>.Shared.Return(rented);
    }
}
