namespace PackingKit.Testing;

/// <summary>A generated input: printed in full where a property fails, so that it can be pasted into a test.</summary>
public sealed record PackingCase(long[] Sizes, long Capacity, int? MaxItemsPerBin = null)
{
    public int ItemLimit => MaxItemsPerBin ?? int.MaxValue;

    public Int128 TotalSize => Sizes.Aggregate(Int128.Zero, (sum, size) => sum + size);

    public BinLimits Limits => new(Capacity, MaxItemsPerBin ?? BinLimits.Unlimited);

    public PackingProblem ToProblem() => PackingProblem.Create(Sizes, Limits);

    public SizeHistogram ToHistogram() => SizeHistogram.Of(Sizes);

    public override string ToString() =>
        $"[{string.Join(", ", Sizes)}] into bins of {Capacity}{(MaxItemsPerBin is { } most ? $", at most {most} items a bin" : "")}";
}

/// <summary>A case of at most nine items: small enough for <see cref="BruteForce"/>.</summary>
public sealed record SmallCase(PackingCase Case)
{
    public const int MaxItems = 9;

    public override string ToString() => Case.ToString();
}

/// <summary>A case that was cut from full bins, so that its optimum is known at any size.</summary>
public sealed record PlantedCase(PackingCase Case, int Optimum)
{
    public override string ToString() => $"{Case}; optimum {Optimum}";
}
