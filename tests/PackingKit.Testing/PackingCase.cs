namespace PackingKit.Testing;

/// <summary>A generated input: printed in full where a property fails, so that it can be pasted into a test. Compares by content.</summary>
/// <param name="Sizes">Size of each item, from 0 to the capacity; not to be changed once the case is in use.</param>
/// <param name="Limits">What one bin takes; a whole number is a capacity without an item limit.</param>
public sealed record PackingCase(long[] Sizes, BinLimits Limits)
{
    /// <summary>What one bin holds, at least 1.</summary>
    public long Capacity => Limits.Capacity;

    /// <summary>The sum of the sizes. O(n).</summary>
    public Int128 TotalSize => Sizes.Aggregate(Int128.Zero, (sum, size) => sum + size);

    /// <summary>The case as a problem. O(n).</summary>
    public PackingProblem ToProblem() => PackingProblem.Create(Sizes, Limits);

    /// <summary>The sizes with their counts. O(n log n).</summary>
    public SizeHistogram ToHistogram() => SizeHistogram.Of(Sizes);

    /// <summary>Whether both have the same sizes in the same order and the same limits. O(n).</summary>
    public bool Equals(PackingCase? other) =>
        other is not null && Limits == other.Limits && Sizes.AsSpan().SequenceEqual(other.Sizes);

    /// <summary>Of the limits, the number of items and their total. O(n).</summary>
    public override int GetHashCode() => HashCode.Combine(Limits, Sizes.Length, TotalSize);

    /// <summary>"[1, 2] into bins of 3, at most 8 items".</summary>
    public override string ToString() => $"[{string.Join(", ", Sizes)}] into bins of {Limits}";
}

/// <summary>A case of at most nine items: small enough for <see cref="BruteForce"/>.</summary>
public sealed record SmallCase(PackingCase Case)
{
    /// <summary>The most items of a small case.</summary>
    public const int MaxItems = 9;

    /// <summary>As the case prints.</summary>
    public override string ToString() => Case.ToString();
}

/// <summary>A case that was cut from full bins, so that its optimum is known at any size.</summary>
public sealed record PlantedCase(PackingCase Case, int Optimum)
{
    /// <summary>"[1, 2] into bins of 3; optimum 1".</summary>
    public override string ToString() => $"{Case}; optimum {Optimum}";
}
