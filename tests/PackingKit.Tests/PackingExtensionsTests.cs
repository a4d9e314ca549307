using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class PackingExtensionsTests
{
    private static readonly string[] Words = ["cherry", "apple", "pear", "fig", "ox"];

    [Fact]
    public void Things_are_packed_by_the_size_each_has()
    {
        var packed = Words.Pack(word => word.Length, 10);
        Assert.Equal((2, PackingStatus.Optimal, "bfd"), (packed.BinCount, packed.Result.Status, packed.Result.Strategy));
        Assert.Equal(["cherry", "pear"], packed[0]);
        Assert.Equal([["cherry", "pear"], ["apple", "fig", "ox"]], packed.Bins);
    }

    [Fact]
    public void Strategy_and_item_limit_are_taken()
    {
        var packed = Words.Pack(word => word.Length, new BinLimits(10, 1), new NextFit());
        Assert.Equal(("nf", 5), (packed.Result.Strategy, packed.BinCount));
    }

    [Fact]
    public void A_sequence_is_walked_once_and_each_size_asked_once()
    {
        int walked = 0, asked = 0;
        IEnumerable<string> Walk()
        {
            walked++;
            foreach (var word in Words)
                yield return word;
        }
        var packed = Walk().Pack(word => { asked++; return word.Length; }, 10);
        Assert.Equal(5, packed.Bins.Sum(bin => bin.Count));
        Assert.Equal((1, 5), (walked, asked));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Refused.Null("items", () => ((string[])null!).Pack(word => word.Length, 10));
        Refused.Null("size", () => Words.Pack(null!, 10));
        Refused.OutOfRange("capacity", () => Words.Pack(word => word.Length, 0));
        var tooLarge = Assert.Throws<ArgumentOutOfRangeException>(() => Words.Pack(word => word.Length, 5));
        Assert.Contains("Item 0 has size 6, which is above the capacity 5.", tooLarge.Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(
            () => Words.Pack(word => word.Length, 10, cancellationToken: new CancellationToken(true)));
        Refused.OutOfRange("bin", () => Words.Pack(word => word.Length, 10)[2]);
    }
}
