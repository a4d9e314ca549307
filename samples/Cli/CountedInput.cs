namespace PackingKit.Cli;

/// <summary>What a file asks to be looked at: its sizes counted, and its items where they are few or wanted.</summary>
/// <param name="File">Its name.</param>
/// <param name="Sizes">As they were read.</param>
/// <param name="Histogram">The same, counted, in units that make every size whole.</param>
/// <param name="Limits">What one bin takes, in the same units.</param>
/// <param name="Sha256">Of the bytes that were read, in hexadecimal.</param>
/// <param name="KeepsOrder">Whether items are wanted however many there are.</param>
internal sealed record CountedInput(
    string File, SizeList Sizes, SizeHistogram Histogram, BinLimits Limits, string Sha256, bool KeepsOrder)
{
    /// <summary>The most items that are packed without being asked for.</summary>
    public const int MostItems = 100_000;

    /// <summary>Whether the items are there to be packed one by one.</summary>
    public bool HasItems => Sizes.IsOrdered && (KeepsOrder || Sizes.ItemCount <= MostItems);

    /// <summary>The items.</summary>
    public PackingProblem ToProblem() => Sizes.ToProblem(Limits.Capacity, Limits.MaxItems);
}
