namespace PackingKit;

/// <summary>What a bin holds, by size, and how many bins hold just that.</summary>
/// <param name="Items">Sizes with the number of copies in one bin; in a plan each size once, in decreasing size.</param>
/// <param name="Multiplicity">How many bins hold it; at least 1 in a plan, where they are neighbours.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record PackingPattern(ValueList<SizeCount> Items, long Multiplicity = 1)
{
    /// <summary>The sum of the sizes in one bin.</summary>
    /// <exception cref="OverflowException">The sum leaves the range of <see cref="long"/>; in a plan it is within the capacity.</exception>
    public long Load => checked((long)Items.Aggregate(Int128.Zero, (sum, item) => sum + ((Int128)item.Size * item.Count)));

    /// <summary>Number of items in one bin.</summary>
    /// <exception cref="OverflowException">The sum leaves the range of <see cref="long"/>.</exception>
    public long ItemCount => Items.Sum(item => item.Count);

    /// <summary>"10 bins of 2 x 512 + 1 x 100".</summary>
    public override string ToString() => $"{Plural.Of(Multiplicity, "bin")} of {string.Join(" + ", Items)}";
}
