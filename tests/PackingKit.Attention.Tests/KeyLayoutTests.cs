using Xunit;

namespace PackingKit.Attention.Tests;

public class KeyLayoutTests
{
    [Theory]
    [InlineData(5, new[] { 0, 2 }, new[] { 2, 3 }, true)]
    [InlineData(5, new[] { 3, 0 }, new[] { 2, 3 }, true)]
    [InlineData(4, new[] { 0, 2 }, new[] { 2, 3 }, false)]
    [InlineData(5, new[] { -1, 2 }, new[] { 2, 3 }, false)]
    [InlineData(5, new[] { 0, 2 }, new[] { 2, 0 }, false)]
    [InlineData(5, new[] { 0 }, new[] { 2, 3 }, false)]
    [InlineData(5, new[] { 0, 2 }, new[] { 2, int.MaxValue }, false)]
    public void Keys_that_leave_the_slots_do_not_fit(int slots, int[] starts, int[] lengths, bool fits) =>
        Assert.Equal(fits, new KeyLayout(slots, starts, lengths, AreQueries: false).Fits);
}
