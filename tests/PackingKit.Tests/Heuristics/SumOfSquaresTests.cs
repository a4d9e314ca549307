using System.Globalization;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)])]
public class SumOfSquaresTests
{
    [Property]
    public void Every_item_goes_where_the_definition_puts_it(PackingCase input)
    {
        if (input.Sizes.Length <= 60)
            Assert.Equal(NaiveStrategies.Assign("ss", input), new SumOfSquares().Pack(input.ToProblem()).Packing.BinOfItem);
    }

    [Theory]
    [InlineData("weibull_5k.csv", 100, 9_987)]
    [InlineData("or3.csv", 150, 4_310)]
    public void Published_streams_take_the_bins_that_its_page_says(string file, int capacity, int bins)
    {
        var streams = File.ReadLines(SharedData.Require("data", "online", file)).Skip(1)
            .Select(line => line.Split(',')[2].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(sizes => Array.ConvertAll(sizes, size => int.Parse(size, CultureInfo.InvariantCulture)));
        Assert.Equal(bins, streams.Sum(sizes => new SumOfSquares().Pack(PackingProblem.Create(sizes, capacity)).BinCount));
    }
}
