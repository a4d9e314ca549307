using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class AllocationTests
{
    public static readonly TheoryData<string> Ids = [.. SpanOverload.Ids];

    [Theory, MemberData(nameof(Ids))]
    public void The_span_overload_allocates_nothing_once_warm(string id) => AssertNothing(id, CaseShapes.LogNormal(new Random(5), 4_000));

    [Theory, InlineData("ffd"), InlineData("bfd")]
    public void The_span_overload_allocates_nothing_when_it_works_in_shards(string id) =>
        AssertNothing(id, CaseShapes.LogNormal(new Random(5), 2 * ShardRunner.MinItems));

    private static void AssertNothing(string id, PackingCase input)
    {
        var sizes = Array.ConvertAll(input.Sizes, size => (int)size);
        var binOfItem = new int[sizes.Length];
        long least = long.MaxValue;
        // A collection may empty the array pool between two runs, so the first run without one counts.
        for (var run = 0; run < 10; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            SpanOverload.Assign(id, sizes, (int)input.Capacity, binOfItem);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_packing_takes_at_most_sixteen_bytes_an_item_beyond_the_input(string id)
    {
        const int items = 200_000;
        ReadOnlyMemory<int> sizes = SequenceLengths.LogNormal(items, 3, 400, 1, 2048);
        var strategy = PackingStrategies.Create(id);
        var least = long.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            strategy.Pack(PackingProblem.Borrow(sizes, 2048));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.InRange(least, 4 * items, 16 * items); // at least its items are new
    }
}
