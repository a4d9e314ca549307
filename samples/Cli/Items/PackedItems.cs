namespace PackingKit.Cli;

/// <summary>A packing by the names of its items: which is in which bin, as every form of output tells it.</summary>
internal sealed class PackedItems
{
    /// <param name="input">What was packed.</param>
    /// <param name="rows">Its lines.</param>
    /// <param name="result">The packing.</param>
    /// <param name="unit">What sizes are measured in, for display: "mm"; empty for nothing.</param>
    public PackedItems(Input input, ItemRows rows, PackingResult result, string unit)
    {
        (Input, Rows, Result, Unit) = (input, rows, result, unit);
        Bins = [.. Collapse()];
    }

    public Input Input { get; }

    public ItemRows Rows { get; }

    public PackingResult Result { get; }

    public string Unit { get; }

    /// <summary>All bins in order, equal neighbours together.</summary>
    public IReadOnlyList<EqualBins> Bins { get; }

    /// <summary>A size with its unit.</summary>
    public string Measure(decimal size) => Unit.Length == 0 ? $"{size}" : $"{size} {Unit}";

    /// <summary>The number of bins, and what is known of fewer.</summary>
    public string Verdict
    {
        get
        {
            var bins = $"{Plural(Result.BinCount, "bin")} of {Measure(Input.Capacity)} for {Plural(Result.Problem.ItemCount, "item")}";
            return Result.Status == PackingStatus.Optimal ? $"{bins}; no packing has fewer."
                : $"{bins}; no packing has fewer than {Result.Bound.Bins}.";
        }
    }

    public static string Plural(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private IEnumerable<EqualBins> Collapse()
    {
        EqualBins? equal = null;
        foreach (var bin in Result.Packing.Bins)
        {
            Piece[] pieces = [.. bin.GroupBy(Rows.Of).Select(row => new Piece(row.Key, row.Count()))];
            if (equal is not null && equal.Pieces.SequenceEqual(pieces))
                equal = equal with { Last = bin.Index + 1 };
            else
            {
                if (equal is not null)
                    yield return equal;
                equal = new(bin.Index + 1, bin.Index + 1, Input.Sizes.FromUnits(Result.Load(bin.Index)), pieces);
            }
        }
        if (equal is not null)
            yield return equal;
    }
}

/// <summary>How many items of a row lie in a bin, at least 1.</summary>
internal readonly record struct Piece(ItemRow Row, int Count);

/// <summary>Bins next to each other that hold the same, numbered from 1 as people do.</summary>
/// <param name="First">Number of the first bin.</param>
/// <param name="Last">Number of the last bin.</param>
/// <param name="Load">The sum of the sizes in each.</param>
/// <param name="Pieces">What each holds, in the order of placement.</param>
internal sealed record EqualBins(int First, int Last, decimal Load, IReadOnlyList<Piece> Pieces)
{
    /// <summary>"Bin 3", "Bins 4 to 9".</summary>
    public string Title => First == Last ? $"Bin {First}" : $"Bins {First} to {Last}";
}
