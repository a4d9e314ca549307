using Xunit;

namespace PackingKit.Tests;

/// <summary>Searches whose time is up at the n-th look at the clock, for every n.</summary>
public class StoppedSearchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Cutting_stock_stops_anywhere_with_what_it_knows(int seed)
    {
        var random = new Random(seed);
        var demands = SizeHistogram.FromCounts(
            Enumerable.Range(0, 10).Select(_ => new SizeCount(random.Next(200, 2400), random.Next(1, 9))));
        var problem = new StockProblem(
            demands, [new StockBin(6000, 60, Supply: 9), new StockBin(4500, 47, Supply: 12)], CuttingRules.Default);
        var cheapest = AtEveryLook(
            context =>
            {
                var search = new StockSearch(problem, context);
                search.Run();
                return search;
            },
            (ended, stopped) =>
            {
                Assert.False(stopped.IsInfeasible);
                Assert.True(stopped.Bound <= ended.Plan!.Cost && !(stopped.Plan?.Cost < ended.Plan.Cost));
            });
        Assert.Equal(cheapest.Bound, cheapest.Plan!.Cost);
    }

    [Theory]
    [InlineData(100, 3, 40)]
    [InlineData(1000, 30, 25)]
    [InlineData(100_000, 20_000, 25)] // weights too large for an exact table
    public void Exact_stops_anywhere_with_what_it_knows(int capacity, int smallest, int items)
    {
        var random = new Random(capacity);
        var demands = SizeHistogram.Of(
            [.. Enumerable.Range(0, items).Select(_ => (long)random.Next(smallest, capacity * 7 / 10))]);
        AtEveryLook(
            context => SearchPlanner.Plan(
                "exact", demands, new BinLimits(capacity), context, search => search.Run(SearchTuning.ExactDives, prove: true)),
            (ended, stopped) =>
            {
                var packed = stopped.Plan.Patterns.SelectMany(
                    bin => bin.Items.Select(item => item with { Count = item.Count * bin.Multiplicity }));
                Assert.Equal(demands.Pairs(), SizeHistogram.FromCounts(packed).Pairs());
                Assert.All(stopped.Plan.Patterns, bin => Assert.InRange(bin.Load, 1, capacity));
                Assert.True(stopped.Bound.Bins <= ended.BinCount && ended.Bound.Bins <= stopped.BinCount);
            });
    }

    /// <summary>Searches to the end, then stops at each of the looks that this took.</summary>
    private static T AtEveryLook<T>(Func<SearchContext, T> search, Action<T, T> check)
    {
        var clock = new LookedAt();
        var ended = Search(1_000_000_000);
        var looks = clock.Looks;
        for (var limit = 1L; limit < looks; limit++)
        {
            clock = new LookedAt();
            check(ended, Search(limit));
        }
        return ended;

        T Search(long limit) => search(new SearchContext(
            new SearchOptions { TimeLimit = TimeSpan.FromSeconds(limit), Workers = 1 }, null, LinearPrograms.Create,
            CancellationToken.None, clock));
    }

    /// <summary>A clock on which a second passes whenever it is looked at.</summary>
    private sealed class LookedAt : TimeProvider
    {
        private long _looks;

        public long Looks => _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks);
    }
}
