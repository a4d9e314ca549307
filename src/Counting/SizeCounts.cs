namespace PackingKit;

/// <summary>
/// How many items there are of each size from 0 to a maximum, counted in one table for each shard, so that later each shard knows how many
/// items of a size come before its own. One pass over the items, which finds sizes out of range as well.
/// </summary>
/// <remarks>The default value is for one shard, which needs no counts of the shards before it.</remarks>
internal struct SizeCounts : IDisposable
{
    /// <summary>
    /// A table of counts is used while the range of values is at most this many times the number of items (and a little more).
    /// </summary>
    private const int RangePerItem = 8;

    private const int MaxTable = 1 << 28;

    /// <summary>A table no larger than this or than the items is made for a maximum that no size may come near.</summary>
    private const int MaxUnseenRange = 1 << 16;

    /// <summary>
    /// Neighbouring items go to different tables, so that equal neighbours do not wait for each other; four of them
    /// as long as they stay in the first cache.
    /// </summary>
    private const int MaxRangeOfFour = 2050;

    private int[]? _tables;
    private int _stride;
    private int _range; // sizes from 0, then one entry for what is out of range
    private int _shards;

    public readonly int Shards => Math.Max(1, _shards);

    /// <summary>Whether a size is negative or above the maximum.</summary>
    public bool HasOutlier { get; private set; }

    /// <summary>Whether a table over the values 0 to <paramref name="max"/> pays for a number of items.</summary>
    public static bool HasTable(long max, int items) => max <= Math.Min(((long)RangePerItem * items) + 4096, MaxTable);

    /// <summary>
    /// Whether counting up to the capacity pays, with no look at the sizes before: else the largest size is looked for first, because a
    /// table up to the capacity could take far more memory than the items.
    /// </summary>
    public static bool HasTableUnseen(long capacity, int items) => capacity <= Math.Max(MaxUnseenRange, items) && HasTable(capacity, items);

    /// <summary>Counts in as many shards as pay.</summary>
    public static SizeCounts Of<T>(ReadOnlySpan<T> sizes, int max)
        where T : struct, IBinaryInteger<T> => Of(sizes, max, ShardRunner.ShardsFor(sizes.Length, max + 2));

    public static SizeCounts Of<T>(ReadOnlySpan<T> sizes, int max, int shards)
        where T : struct, IBinaryInteger<T>
    {
        var range = max + 2;
        var tables = range <= MaxRangeOfFour ? 4 : 2;
        var counts = new SizeCounts
        {
            _tables = ArrayPool<int>.Shared.Rent(shards * tables * range),
            _stride = tables * range,
            _range = range,
            _shards = shards,
        };
        var work = new CountingWork<T> { Sizes = sizes, Tables = counts._tables, Range = range, TablesEach = tables, Shards = shards };
        ShardRunner.Run(ref work, shards);
        for (var shard = 0; shard < shards; shard++)
            counts.HasOutlier |= counts._tables[(shard * counts._stride) + range - 1] > 0;
        return counts;
    }

    /// <summary>Adds up the shards, in decreasing size. Once: what is kept from then on are the ranks.</summary>
    public readonly void Sum(ref PooledList<long> distinct, ref PooledList<long> counts)
    {
        for (var size = _range - 2; size >= 0; size--)
        {
            var count = 0;
            for (var at = size; at < _shards * _stride; at += _stride)
                (_tables![at], count) = (count, count + _tables[at]);
            if (count > 0)
            {
                distinct.Add(size);
                counts.Add(count);
            }
        }
    }

    /// <summary>By size: how many items of that size come before a shard. Empty where there is one shard.</summary>
    public readonly ReadOnlySpan<int> RanksOf(int shard) => _shards <= 1 ? [] : _tables.AsSpan(shard * _stride, _range);

    public readonly void Dispose()
    {
        if (_tables is not null)
            ArrayPool<int>.Shared.Return(_tables);
    }

    private ref struct CountingWork<T> : IShardedWork
        where T : struct, IBinaryInteger<T>
    {
        public ReadOnlySpan<T> Sizes;
        public Span<int> Tables;
        public int Range, TablesEach, Shards;

        public readonly void Run(int shard)
        {
            var sizes = Sizes[ShardRunner.ItemsOf(shard, Shards, Sizes.Length)];
            var tables = Tables.Slice(shard * TablesEach * Range, TablesEach * Range);
            tables.Clear();
            if (TablesEach == 4)
                IntoFour(sizes, tables, Range);
            else
                IntoTwo(sizes, tables, Range);
            for (var table = 1; table < TablesEach; table++)
                for (var size = 0; size < Range; size++)
                    tables[size] += tables[(table * Range) + size];
        }

        // Places are clamped to the range, so the tables are addressed without bounds checks.
        private static void IntoFour(ReadOnlySpan<T> sizes, Span<int> tables, int range)
        {
            ref var first = ref MemoryMarshal.GetReference(tables);
            ref var second = ref Unsafe.Add(ref first, range);
            ref var third = ref Unsafe.Add(ref second, range);
            ref var fourth = ref Unsafe.Add(ref third, range);
            ref var size = ref MemoryMarshal.GetReference(sizes);
            var beyond = (uint)range - 1;
            var i = 0;
            for (; i <= sizes.Length - 4; i += 4)
            {
                Unsafe.Add(ref first, Place(Unsafe.Add(ref size, i), beyond))++;
                Unsafe.Add(ref second, Place(Unsafe.Add(ref size, i + 1), beyond))++;
                Unsafe.Add(ref third, Place(Unsafe.Add(ref size, i + 2), beyond))++;
                Unsafe.Add(ref fourth, Place(Unsafe.Add(ref size, i + 3), beyond))++;
            }
            for (; i < sizes.Length; i++)
                Unsafe.Add(ref first, Place(Unsafe.Add(ref size, i), beyond))++;
        }

        private static void IntoTwo(ReadOnlySpan<T> sizes, Span<int> tables, int range)
        {
            ref var first = ref MemoryMarshal.GetReference(tables);
            ref var second = ref Unsafe.Add(ref first, range);
            ref var size = ref MemoryMarshal.GetReference(sizes);
            var beyond = (uint)range - 1;
            var i = 0;
            for (; i <= sizes.Length - 2; i += 2)
            {
                Unsafe.Add(ref first, Place(Unsafe.Add(ref size, i), beyond))++;
                Unsafe.Add(ref second, Place(Unsafe.Add(ref size, i + 1), beyond))++;
            }
            for (; i < sizes.Length; i++)
                Unsafe.Add(ref first, Place(Unsafe.Add(ref size, i), beyond))++;
        }

        /// <summary>
        /// The entry of a size: the last one where it is negative, which as an unsigned number is large, or above the maximum.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static nuint Place(T size, uint beyond) =>
            Unsafe.SizeOf<T>() <= sizeof(uint) ? Math.Min(uint.CreateTruncating(size), beyond)
            : Unsafe.SizeOf<T>() == sizeof(ulong) ? (nuint)Math.Min(ulong.CreateTruncating(size), beyond)
            : T.IsNegative(size) || size > T.CreateTruncating(beyond) ? beyond : uint.CreateTruncating(size);
    }
}
