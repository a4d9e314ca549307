using Xunit;

namespace PackingKit.Tests;

/// <summary>Servers give threads less stack than the main thread has; an input may not decide how much is taken.</summary>
public class SmallStackTests
{
    private const int StackBytes = 512 * 1024;

    public static TheoryData<string> Ids => [.. PackingStrategies.Ids];

    [Theory, MemberData(nameof(Ids))]
    public void Thousands_of_items_in_a_bin_need_no_more_stack_than_a_few(string id)
    {
        int[] sizes = [.. Enumerable.Range(0, id == "cp-sat" ? 300 : 12_000).Select(i => 2 + (i * 7 % 13)), 70_001, 70_001, 70_001];
        var problem = PackingProblem.Create(sizes, 100_001);
        var strategy = PackingStrategies.Create(id, new SearchOptions { TimeLimit = TimeSpan.FromSeconds(1), Workers = 1 });
        PackingResult? result = null;
        OnSmallStack(() => result = strategy.Pack(problem));
        Assert.Empty(PackingValidator.Validate(problem, result!));
    }

    [Fact]
    public void Neither_do_thousands_of_types_in_a_pattern()
    {
        // Weights too large for an exact table, so that patterns are found by branching; all types together fit into a bin.
        var counts = Enumerable.Range(1, 4_000).Select(i => new SizeCount(1_000_000L + i, 1L));
        var items = ItemTypes.Of(SizeHistogram.FromCounts(counts), 4_100_000_000);
        var prices = items.Weights.ToArray();
        List<Pattern> found = [];
        var bound = 0.0;
        OnSmallStack(() =>
        {
            var pricing = new Pricing(items, new SearchContext(SearchOptions.Default, null, LinearPrograms.Create, CancellationToken.None));
            pricing.Prepare(prices, items.Demands, items.Capacity);
            bound = pricing.Best(0, 10, found);
        });
        Assert.True(bound >= prices.Sum()); // given up, the search still bounds
    }

    /// <summary>An overflow of the stack ends the process, not the test.</summary>
    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
