namespace PackingKit;

/// <summary>The BPP format of BPPLIB: n, a capacity, then n sizes, parted by any white space.</summary>
internal sealed class BppSizes(SizeListBuilder sizes)
{
    private long? _n;
    private int _last = 1;

    /// <summary>Whether the text is whole and would hardly be so by chance.</summary>
    public bool IsPlausible => _n >= 1 && sizes.Count == _n && sizes.IsWhole && sizes.Largest <= sizes.Capacity;

    /// <exception cref="SizeFormatException">The line cannot be the next one.</exception>
    public void Add(SizeLine line)
    {
        (_last, var text) = line;
        foreach (var range in text.AsSpan().SplitAny())
        {
            var token = text.AsSpan(range);
            if (token.IsEmpty)
                continue;
            if (_n is null)
                _n = SizeListBuilder.Whole(token, _last, "number of items");
            else if (sizes.Capacity is null)
                sizes.AddCapacity(token, _last);
            else if (sizes.Count == _n)
                throw new SizeFormatException(_last, $"More sizes follow than the {_n} that the first line announces.");
            else
                sizes.Add(token, _last);
        }
    }

    /// <exception cref="SizeFormatException">The text ends too soon.</exception>
    public SizeList ToList()
    {
        if (sizes.Capacity is null)
            throw new SizeFormatException(_last, $"The file ends before the {(_n is null ? "number of items" : "capacity")}.");
        if (sizes.Count < _n)
            throw new SizeFormatException(_last, $"The file ends after {sizes.Count} of the {_n} sizes that the first line announces.");
        return sizes.ToList(SizeFormat.Bpp);
    }
}
