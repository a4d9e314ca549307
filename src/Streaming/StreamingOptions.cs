namespace PackingKit;

/// <summary>What a <see cref="StreamingPacker"/> packs into, and how long it may keep things back.</summary>
public sealed record StreamingOptions
{
    /// <summary>What one bin holds, at least 1.</summary>
    public required long Capacity { get; init => field = Require.AtLeast(value, 1); }

    /// <summary>The most items a bin may hold, at least 1; <see langword="null"/> (the default) for no limit.</summary>
    public int? MaxItemsPerBin { get; init => field = Require.AtLeast(value, 1); }

    /// <summary>How many items may wait, not negative; 1000 by default. The more, the fuller the bins; with 0 it is next-fit.</summary>
    public int PoolSize { get; init => field = Require.AtLeast(value, 0); } = 1000;

    /// <summary>
    /// How many later items may arrive before an item is in a bin, not negative; <see langword="null"/> (the default) for no limit, and
    /// then a small item may wait long.
    /// </summary>
    public long? MaxAge { get; init => field = Require.AtLeast(value, 0); }
}
