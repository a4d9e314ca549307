namespace PackingKit;

/// <summary>What cutting takes besides the lengths themselves, and what is asked of a plan besides its cost.</summary>
public sealed record CuttingRules
{
    /// <summary>The rules where none are given: nothing is lost, nothing limited.</summary>
    public static CuttingRules Default { get; } = new();

    /// <summary>
    /// What one cut takes (the kerf), not negative; 0 by default. Each item has one cut behind it, but where an item ends with its bin, or
    /// less than a kerf before that, the last cut takes no more than what is there.
    /// </summary>
    public long Kerf { get; init => field = Require.AtLeast(value, 0); }

    /// <summary>What is taken off the start of every bin, its cut included, not negative; 0 by default.</summary>
    public long TrimStart { get; init => field = Require.AtLeast(value, 0); }

    /// <summary>What is taken off the end of every bin, its cut included, not negative; 0 by default.</summary>
    public long TrimEnd { get; init => field = Require.AtLeast(value, 0); }

    /// <summary>The most items in one bin, at least 1; <see cref="BinLimits.Unlimited"/> (the default) for no limit.</summary>
    public long MaxItems { get; init => field = Require.AtLeast(value, 1); } = BinLimits.Unlimited;

    /// <summary>
    /// The shortest remnant that is worth keeping, at least 1; <see langword="null"/> (the default) where none is. It decides what
    /// <see cref="CutPattern.KeptRemnant"/> says; the plan's cost does not depend on it.
    /// </summary>
    public long? MinRemnant { get; init => field = Require.AtLeast(value, 1L); }

    /// <summary>
    /// Whether to look for a plan of the same cost with fewer different patterns, which takes longer. A heuristic: that there is none with
    /// fewer is not proved.
    /// </summary>
    public bool FewerPatterns { get; init; }

    /// <summary>What the trims leave of a bin: 0 or less where that is nothing. Beyond 64 bits where both are large.</summary>
    internal Int128 RoomOf(StockBin bin) => (Int128)bin.Capacity - TrimStart - TrimEnd;

    /// <summary>What a bin holds of items with a cut each: 0 where the trims leave nothing.</summary>
    internal long CapacityOf(StockBin bin) => RoomOf(bin) is var room && room > 0 ? (long)Int128.Min(long.MaxValue, room + Kerf) : 0;

    /// <summary>What is left of a bin behind the cut of its last item.</summary>
    internal long RemnantOf(StockBin bin, PackingPattern pattern) =>
        (long)Int128.Max(0, RoomOf(bin) - pattern.Load - ((Int128)Kerf * pattern.ItemCount));
}
