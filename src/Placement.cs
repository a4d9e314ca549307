namespace PackingKit;

/// <summary>One step of a plan: items of one size put into neighbouring bins, the same number into each.</summary>
/// <param name="Size">Size of the items.</param>
/// <param name="FirstBin">The first of the bins.</param>
/// <param name="BinCount">How many bins, at least 1.</param>
/// <param name="CopiesPerBin">How many items of the size go into each of them, at least 1.</param>
public readonly record struct Placement(long Size, long FirstBin, long BinCount, long CopiesPerBin)
{
    /// <summary>Number of items that the step places.</summary>
    /// <exception cref="OverflowException">It leaves the range of <see cref="long"/>, which no plan does.</exception>
    public long ItemCount => checked(BinCount * CopiesPerBin);
}
