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

    [Theory]
    [InlineData(new[] { 0, 4, 2 }, true)]
    [InlineData(new[] { 0, 5, 2 }, false)]
    [InlineData(new[] { 0, -1, 2 }, false)]
    [InlineData(new[] { 0, 1 }, false)]
    public void Neither_do_those_of_a_table(int[] table, bool fits) =>
        Assert.Equal(fits, new KeyLayout(5, [0, 1], [1, 2], AreQueries: false) { Table = table }.Fits);

    [Fact]
    public void A_table_lists_the_keys_of_a_path_and_none_is_needed_where_nothing_is_shared()
    {
        var keys = KeyLayout.Of(new ForestCase([3, 1, 2], [-1, 0, 0]).Layout);
        Assert.Equal([0, 1, 2, 0, 1, 2, 3, 0, 1, 2, 4, 5], keys.Table!);
        Assert.Equal([0, 3, 7], keys.Starts);
        Assert.Equal([3, 4, 5], keys.Lengths);
        Assert.Null(KeyLayout.Of(new ForestCase([3, 1], [-1, -1]).Layout).Table);
    }
}
