namespace PackingKit;

/// <summary>One bin of a <see cref="Packing"/>: a view, no copy.</summary>
public readonly ref struct Bin
{
    internal Bin(int index, ReadOnlySpan<int> items)
    {
        Index = index;
        Items = items;
    }

    /// <summary>Place of the bin in the packing, from 0.</summary>
    public int Index { get; }

    /// <summary>The items in the bin, by their numbers in input order, standing in the order of placement.</summary>
    public ReadOnlySpan<int> Items { get; }

    /// <summary>Number of items in the bin.</summary>
    public int Count => Items.Length;

    /// <summary>The sum of the sizes of the bin's items. O(items in the bin).</summary>
    public long Load(PackingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        long load = 0;
        foreach (var item in Items)
            load += problem[item];
        return load;
    }
}
