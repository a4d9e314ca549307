namespace PackingKit.Cli;

/// <summary>Items whose sizes are from one number to another, both counted in.</summary>
internal readonly record struct LengthBucket(long From, long To, long Items);

/// <summary>The sizes in equal stretches of the capacity, as a chart shows them.</summary>
internal static class LengthBuckets
{
    /// <summary>A half and a third of the capacity fall between two of so many.</summary>
    private const int Most = 24;

    public static LengthBucket[] Of(SizeDescription description)
    {
        var capacity = description.Limits.Capacity;
        var stretches = (int)Math.Min(Most, capacity);
        var buckets = new LengthBucket[stretches];
        for (var i = 0; i < stretches; i++)
            buckets[i] = new(i == 0 ? 0 : End(i) + 1, End(i + 1), 0);
        foreach (var (size, count) in description.Histogram.Pairs())
        {
            var index = size == 0 ? 0 : (int)((((Int128)size * stretches) - 1) / capacity);
            buckets[index] = buckets[index] with { Items = buckets[index].Items + count };
        }
        return buckets;

        long End(int stretch) => (long)((Int128)capacity * stretch / stretches);
    }
}
