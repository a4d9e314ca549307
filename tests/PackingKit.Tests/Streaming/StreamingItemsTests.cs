using System.Runtime.CompilerServices;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Streams of the caller's own items, waited for or not.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public class StreamingItemsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Property]
    public async Task Items_come_back_in_the_bins_of_their_numbers(PackingCase of, byte pool, byte age)
    {
        var options = Options(of, pool, age);
        var documents = of.Sizes.Select((size, number) => new Document(number, size)).ToArray();
        var numbers = new StreamingPacker(options).Pack(of.Sizes)
            .Select(bin => (bin.Load, string.Join(' ', bin.Items))).ToArray();
        Assert.Equal(numbers, documents.Pack(document => document.Size, options).Select(Numbers));
        Assert.Equal(numbers, (await Bins(Waited(documents).PackAsync(document => document.Size, options, Token))).Select(Numbers));
    }

    [Property]
    public void A_resumed_packer_goes_on_with_the_same_items(PackingCase of, byte pool, byte age, byte stop)
    {
        var options = Options(of, pool, age);
        var documents = of.Sizes.Select((size, number) => new Document(number, size)).ToArray();
        var whole = documents.Pack(document => document.Size, options).Select(Numbers).ToArray();

        var first = new StreamingPacker<Document>(options, document => document.Size);
        var before = documents.Take(stop).Select(first.Add).OfType<StreamedBin<Document>>().ToArray();
        var second = StreamingPacker.Resume(first.Save(), number => documents[number], document => document.Size);
        Assert.Equal(whole, before.Concat(second.Pack(documents.Skip(stop))).Select(Numbers));
    }

    [Fact]
    public void An_item_that_has_changed_is_not_resumed_with()
    {
        var packer = new StreamingPacker<string>(new() { Capacity = 10 }, text => text.Length);
        packer.Add("four");
        var changed = Assert.Throws<ArgumentException>(
            () => StreamingPacker.Resume(packer.Save(), _ => "fiver", text => text.Length));
        Assert.Contains("Item 0 has size 5; it had 4", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_read_ahead_of_the_bin_that_is_asked_for()
    {
        var read = 0;
        async IAsyncEnumerable<long> Endless()
        {
            while (true)
            {
                await Task.Yield();
                read++;
                yield return 3;
            }
        }
        var options = new StreamingOptions { Capacity = 10, PoolSize = 4 };
        await using var bins = Endless().PackAsync(size => size, options, Token).GetAsyncEnumerator(Token);
        Assert.Equal(0, read);
        for (var bin = 1; bin <= 50; bin++)
        {
            Assert.True(await bins.MoveNextAsync());
            Assert.Equal(4 + (3 * bin) + 1, read); // four wait, the bins are out, one is in the next
        }
    }

    [Fact]
    public async Task A_cancelled_stream_ends_with_good_bins_and_a_packer_that_goes_on()
    {
        using var cancel = new CancellationTokenSource();
        var packer = new StreamingPacker<long>(new() { Capacity = 10, PoolSize = 4 }, size => size);
        List<StreamedBin<long>> bins = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var bin in packer.PackAsync(Deaf(), cancel.Token))
            {
                bins.Add(bin);
                if (bins.Count == 3)
                    await cancel.CancelAsync();
            }
        });
        Assert.Equal(3, bins.Count);
        bins.AddRange(packer.Flush());
        Assert.Equal(packer.Arrived, bins.Sum(bin => bin.Items.Count));
        Assert.All(bins, bin => Assert.InRange(bin.Load, 1, 10));

        static async IAsyncEnumerable<long> Deaf() // does not look at any token
        {
            while (true)
            {
                await Task.Yield();
                yield return 3;
            }
        }
    }

    [Fact]
    public async Task A_token_reaches_a_source_that_never_yields()
    {
        using var cancel = new CancellationTokenSource();
        var work = Bins(Silent(Token).PackAsync(size => size, new() { Capacity = 10 }, cancel.Token));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.WaitAsync(TimeSpan.FromSeconds(30), Token));

        static async IAsyncEnumerable<long> Silent([EnumeratorCancellation] CancellationToken token)
        {
            await Task.Delay(Timeout.Infinite, token);
            yield break;
        }
    }

    [Fact]
    public async Task A_fault_of_the_source_and_a_bad_size_come_through_and_close_the_source()
    {
        var closed = 0;
        async IAsyncEnumerable<long> Source(long last)
        {
            try
            {
                yield return 7;
                await Task.Yield();
                yield return last >= 0 ? last : throw new IOException("The disk is gone.");
            }
            finally
            {
                closed++;
            }
        }
        var options = new StreamingOptions { Capacity = 10 };
        var bad = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Bins(Source(11).PackAsync(size => size, options, Token)));
        Assert.Contains("Item 1 has size 11", bad.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => Bins(Source(-1).PackAsync(size => size, options, Token)));
        Assert.Equal(2, closed);
    }

    [Fact]
    public void Missing_arguments_are_refused_before_the_stream_is_read()
    {
        Assert.Throws<ArgumentNullException>("options", () => new long[] { 1 }.Pack(size => size, (StreamingOptions)null!));
        Assert.Throws<ArgumentNullException>("size", () => Waited<long>([1]).PackAsync(null!, new() { Capacity = 1 }, Token));
        Assert.Throws<ArgumentNullException>(
            "items", () => StreamingExtensions.PackAsync<long>(null!, size => size, new() { Capacity = 1 }, Token));
    }

    [Theory, InlineData(0), InlineData(64), InlineData(4096)]
    public void A_pool_that_has_reached_its_size_allocates_nothing_but_bins(int pool)
    {
        long[] sizes = [.. SequenceLengths.LogNormal(60_000, 42, 400, 1, 2048).Select(size => (long)size)];
        var packer = new StreamingPacker(new() { Capacity = 2048, PoolSize = pool });
        foreach (var size in sizes.AsSpan(0, 20_000))
            packer.Add(size);
        var least = double.MaxValue;
        foreach (var part in sizes[20_000..].Chunk(10_000))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (bins, items) = (0, 0);
            foreach (var size in part)
                if (packer.Add(size) is { } bin)
                    (bins, items) = (bins + 1, items + bin.Items.Count);
            // A bin is a record, a list and an array: 24 to 32 bytes of each beside 8 an item.
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before - (8.0 * items) - (88.0 * bins));
        }
        Assert.InRange(least, double.MinValue, 0);
    }

    private static StreamingOptions Options(PackingCase of, byte pool, byte age) => new()
    {
        Capacity = of.Capacity,
        MaxItemsPerBin = of.Limits.HasItemLimit ? (int)of.Limits.MaxItems : null,
        PoolSize = pool % 20,
        MaxAge = age % 3 == 0 ? null : age % 30,
    };

    private static (long, string) Numbers(StreamedBin<Document> bin) =>
        (bin.Load, string.Join(' ', bin.Items.Select(document => document.Number)));

    private static async IAsyncEnumerable<T> Waited<T>(IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }

    private static async Task<List<StreamedBin<T>>> Bins<T>(IAsyncEnumerable<StreamedBin<T>> stream)
    {
        List<StreamedBin<T>> bins = [];
        await foreach (var bin in stream)
            bins.Add(bin);
        return bins;
    }

    private sealed record Document(int Number, long Size);
}
