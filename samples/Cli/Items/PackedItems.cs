using System.Globalization;

namespace PackingKit.Cli;

/// <summary>A packing by the names of its items: which is in which bin, as every form of output tells it.</summary>
/// <param name="input">What was packed.</param>
/// <param name="rows">Its lines.</param>
/// <param name="unit">What sizes are measured in, for display: "mm"; empty for nothing.</param>
/// <param name="verdict">The number of bins, and what is known of better packings.</param>
/// <param name="bins">All bins in order.</param>
/// <param name="areAlike">Whether all bins are of the input's capacity; else each is told with its own.</param>
internal sealed class PackedItems(
    Input input, ItemRows rows, string unit, string verdict, IEnumerable<PackedBin> bins, bool areAlike = true)
{
    public Input Input => input;

    public ItemRows Rows => rows;

    public string Unit => unit;

    public string Verdict => verdict;

    public bool AreAlike => areAlike;

    /// <summary>All bins in order, equal neighbours together.</summary>
    public IReadOnlyList<EqualBins> Bins { get; } = [.. Collapse(rows, bins)];

    /// <summary>The items of a packing into equal bins.</summary>
    public static PackedItems Of(Input input, ItemRows rows, PackingResult result, string unit)
    {
        var bins = $"{Plural(result.BinCount, "bin")} of {Measure(input.Capacity, unit)} for {Plural(result.Problem.ItemCount, "item")}";
        return new PackedItems(
            input, rows, unit,
            result.Status == PackingStatus.Optimal ? $"{bins}; no packing has fewer."
                : $"{bins}; no packing has fewer than {result.Bound.Bins}.",
            result.Packing.Bins.Select(bin =>
            {
                var load = input.Sizes.FromUnits(result.Load(bin.Index));
                return new PackedBin(input.Capacity, load, input.Capacity - load, "left", [.. bin]);
            }));
    }

    /// <summary>A size with its unit.</summary>
    public string Measure(decimal size) => Measure(size, unit);

    /// <summary>"Bin 3", and where bins may differ, "Bin 3 of 6000 mm".</summary>
    public string TitleOf(EqualBins equal) => areAlike ? equal.Title : $"{equal.Title} of {Measure(equal.Bin.Capacity)}";

    /// <summary>"5640 mm, 360 mm left".</summary>
    public string Describe(EqualBins equal) => $"{Measure(equal.Bin.Load)}, {Measure(equal.Bin.Left)} {equal.Bin.Remark}";

    public static string Measure(decimal size, string unit)
    {
        var number = size.ToString("0.############################", CultureInfo.InvariantCulture); // 4, not 4.0
        return unit.Length == 0 ? number : $"{number} {unit}";
    }

    public static string Plural(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static IEnumerable<EqualBins> Collapse(ItemRows rows, IEnumerable<PackedBin> bins)
    {
        EqualBins? equal = null;
        foreach (var (index, bin) in bins.Index())
        {
            Piece[] pieces = [.. bin.Items.GroupBy(rows.Of).Select(row => new Piece(row.Key, row.Count()))];
            if (equal is not null && equal.Bin.Capacity == bin.Capacity && equal.Pieces.SequenceEqual(pieces))
                equal = equal with { Last = index + 1 };
            else
            {
                if (equal is not null)
                    yield return equal;
                equal = new(index + 1, index + 1, bin, pieces);
            }
        }
        if (equal is not null)
            yield return equal;
    }
}

/// <summary>A bin and its items.</summary>
/// <param name="Capacity">What it holds.</param>
/// <param name="Load">The sum of the sizes in it.</param>
/// <param name="Left">What is left of it in one piece.</param>
/// <param name="Remark">What becomes of that: "left".</param>
/// <param name="Items">The items by number, in the order of placement.</param>
internal sealed record PackedBin(decimal Capacity, decimal Load, decimal Left, string Remark, IReadOnlyList<int> Items);

/// <summary>How many items of a row lie in a bin, at least 1.</summary>
internal readonly record struct Piece(ItemRow Row, int Count);

/// <summary>Bins next to each other that hold the same, numbered from 1 as people do.</summary>
/// <param name="First">Number of the first bin.</param>
/// <param name="Last">Number of the last bin.</param>
/// <param name="Bin">The first of them.</param>
/// <param name="Pieces">What each holds, in the order of placement.</param>
internal sealed record EqualBins(int First, int Last, PackedBin Bin, IReadOnlyList<Piece> Pieces)
{
    /// <summary>"Bin 3", "Bins 4 to 9".</summary>
    public string Title => First == Last ? $"Bin {First}" : $"Bins {First} to {Last}";
}
