using System.Runtime.Intrinsics.X86;

namespace PackingKit;

/// <summary>Items in decreasing size, equal sizes in input order.</summary>
internal static class DecreasingOrder
{
    private const int MaxDigitBits = 11;

    /// <summary>How many items ahead a place is prefetched: about the time that memory takes to answer.</summary>
    private const int Ahead = 64;

    /// <summary>Number of items up to which the order stays in a near cache, where prefetching costs more than it saves.</summary>
    private const int MaxCached = 1 << 18;

    /// <summary>Number of items up to which comparing all with all, sixteen at a time, is the fastest way.</summary>
    private const int MaxRanked = 256;

    private const int RankedBits = 8;

    /// <summary>Bits of an item's number in a small batch.</summary>
    private const int ItemBits = 10;

    /// <summary>The order without knowledge of the sizes, no allocation.</summary>
    public static void Fill<T>(ReadOnlySpan<T> sizes, Span<int> order)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty || sizes.Length > SmallBatch.MaxItems)
        {
            ByDigits(sizes, order);
            return;
        }
        var max = SizeCounter.Range(sizes).Max;
        if (sizes.Length <= MaxRanked && max >> (32 - RankedBits) == 0)
            ByRank(sizes, order);
        else if (max >> (63 - ItemBits) == 0)
            ByKeys(sizes, max, order);
        else
            ByDigits(sizes, order);
    }

    /// <summary>Counts for each item those that go before it. O(n²) / 16.</summary>
    [SkipLocalsInit]
    public static void ByRank<T>(ReadOnlySpan<T> sizes, Span<int> order)
        where T : struct, IBinaryInteger<T>
    {
        Debug.Assert(sizes.Length <= MaxRanked && MaxRanked % Vector512<uint>.Count == 0);
        // Size and item in one word: no two are equal, and the earlier of two equal sizes is the larger.
        Span<uint> keys = stackalloc uint[MaxRanked];
        Span<uint> ranks = stackalloc uint[MaxRanked];
        for (var i = 0; i < sizes.Length; i++)
            keys[i] = (uint.CreateTruncating(sizes[i]) << RankedBits) | (uint)(MaxRanked - 1 - i);
        for (var block = 0; block < sizes.Length; block += Vector512<uint>.Count)
        {
            var mine = Vector512.LoadUnsafe(ref keys[block]);
            var before = Vector512<uint>.Zero;
            foreach (var key in keys[..sizes.Length])
                before -= Vector512.GreaterThan(Vector512.Create(key), mine); // true is all ones, that is -1
            before.StoreUnsafe(ref ranks[block]);
        }
        for (var i = 0; i < sizes.Length; i++)
            order[(int)ranks[i]] = i;
    }

    /// <summary>
    /// A stable radix sort of a small batch: size and item in one word, the digits as few as eight
    /// bits each allow, all counted in one pass.
    /// </summary>
    [SkipLocalsInit]
    public static void ByKeys<T>(ReadOnlySpan<T> sizes, long max, Span<int> order)
        where T : struct, IBinaryInteger<T>
    {
        var length = Math.Max(1, 64 - BitOperations.LeadingZeroCount((ulong)max));
        var digits = ((length - 1) / 8) + 1;
        var bits = ((length - 1) / digits) + 1;
        var buckets = 1 << bits;
        Span<ulong> from = stackalloc ulong[SmallBatch.MaxItems], to = stackalloc ulong[SmallBatch.MaxItems];
        var starts = (stackalloc int[8 << 8])[..(digits << bits)];
        starts.Clear();
        for (var item = 0; item < sizes.Length; item++)
        {
            var size = ulong.CreateTruncating(sizes[item]);
            from[item] = (size << ItemBits) | (uint)item;
            for (var digit = 0; digit < starts.Length; digit += buckets, size >>= bits)
                starts[digit + ((int)size & (buckets - 1))]++;
        }
        for (var digit = 0; digit < digits; digit++)
        {
            var places = starts.Slice(digit << bits, buckets);
            var start = 0;
            for (var bucket = buckets - 1; bucket >= 0; bucket--) // larger digits first
                (places[bucket], start) = (start, start + places[bucket]);
            var shift = ItemBits + (digit * bits);
            foreach (var key in from[..sizes.Length])
                to[places[(int)(key >> shift) & (buckets - 1)]++] = key;
            var swap = from;
            from = to;
            to = swap;
        }
        for (var place = 0; place < sizes.Length; place++)
            order[place] = (int)from[place] & (SmallBatch.MaxItems - 1);
    }

    /// <summary>A stable radix sort of the item numbers. O(n) per digit.</summary>
    [SkipLocalsInit]
    public static void ByDigits<T>(ReadOnlySpan<T> sizes, Span<int> order)
        where T : struct, IBinaryInteger<T>
    {
        var n = sizes.Length;
        long max = 0;
        for (var i = 0; i < n; i++)
        {
            order[i] = i;
            max = Math.Max(max, long.CreateTruncating(sizes[i]));
        }
        if (n < 2)
            return;

        // A digit's buckets should not cost more than its items.
        var bits = n <= SmallBatch.MaxItems ? 8 : MaxDigitBits;
        var rented = n <= SmallBatch.MaxItems ? null : ArrayPool<int>.Shared.Rent(n);
        scoped Span<int> from = order[..n], to = (rented ?? stackalloc int[SmallBatch.MaxItems])[..n];
        var starts = (stackalloc int[1 << MaxDigitBits])[..(1 << bits)];
        for (var shift = 0; shift < 63 && max >> shift > 0; shift += bits)
        {
            starts.Clear();
            foreach (var size in sizes)
                starts[Digit(size, shift, starts.Length)]++;
            var start = 0;
            for (var digit = starts.Length - 1; digit >= 0; digit--) // larger digits first
                (starts[digit], start) = (start, start + starts[digit]);
            foreach (var item in from)
                to[starts[Digit(sizes[item], shift, starts.Length)]++] = item;
            var swap = from;
            from = to;
            to = swap;
        }
        if (from != order[..n])
            from.CopyTo(order);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>
    /// The same by one counting sort, where the distinct sizes and their counts are known and lie in a range that a table pays for.
    /// </summary>
    public static void ByCounts<T>(
        ReadOnlySpan<T> sizes, ReadOnlySpan<long> distinct, ReadOnlySpan<long> counts, in SizeCounts counted, Span<int> order)
        where T : struct, IBinaryInteger<T>
    {
        if (sizes.IsEmpty)
            return;
        SizeCounter.AssertCounted(sizes, distinct, counts);
        var range = (int)distinct[0] + 1;
        var rented = ArrayPool<nint>.Shared.Rent(counted.Shards * range);
        var work = new Placing<T>
        {
            Sizes = sizes,
            Distinct = distinct,
            Counts = counts,
            Counted = counted,
            Places = rented,
            Range = range,
            Order = order[..sizes.Length],
        };
        ShardRunner.Run(ref work, counted.Shards);
        ArrayPool<nint>.Shared.Return(rented);
    }

    private static int Digit<T>(T size, int shift, int buckets)
        where T : struct, IBinaryInteger<T> => (int)(long.CreateTruncating(size) >> shift) & (buckets - 1);

    private ref struct Placing<T> : IShardedWork
        where T : struct, IBinaryInteger<T>
    {
        public ReadOnlySpan<T> Sizes;
        public ReadOnlySpan<long> Distinct;
        public ReadOnlySpan<long> Counts;
        public SizeCounts Counted;
        public Span<nint> Places; // by size, of each shard
        public int Range;
        public Span<int> Order;

        public readonly unsafe void Run(int shard)
        {
            var items = ShardRunner.ItemsOf(shard, Counted.Shards, Sizes.Length);
            var (from, end) = (items.Start.Value, items.End.Value);
            var ranks = Counted.RanksOf(shard);
            // Every size is among the distinct ones and every place within the order, so neither needs a bounds check.
            fixed (nint* places = Places.Slice(shard * Range, Range))
            fixed (int* start = Order)
            {
                var place = start;
                for (var i = 0; i < Distinct.Length; i++)
                {
                    var of = (int)Distinct[i];
                    places[of] = (nint)(place + (ranks.IsEmpty ? 0 : ranks[of]));
                    place += Counts[i];
                }
                ref var size = ref MemoryMarshal.GetReference(Sizes);
                var item = from;
                if (Sse.IsSupported && Sizes.Length > MaxCached)
                {
                    for (; item < end - Ahead; item++)
                    {
                        Sse.Prefetch0((void*)places[int.CreateTruncating(Unsafe.Add(ref size, item + Ahead))]);
                        Put(item, ref places[int.CreateTruncating(Unsafe.Add(ref size, item))]);
                    }
                }
                for (; item < end; item++)
                    Put(item, ref places[int.CreateTruncating(Unsafe.Add(ref size, item))]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Put(int item, ref nint place)
        {
            *(int*)place = item;
            place += sizeof(int);
        }
    }
}
