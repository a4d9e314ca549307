namespace PackingKit.Cli;

/// <summary>
/// Cutting stock in decimals: lengths, losses and costs in units that make them whole, and the answer in the units of the file.
/// </summary>
internal sealed class CutPlan
{
    private readonly StockOption[] _stock;
    private readonly decimal _lengthUnits, _costUnits;
    private readonly long[] _sizes;

    /// <exception cref="InputException">The stock does not hold the items, or numbers leave the range of 64 bits.</exception>
    public CutPlan(
        Input input, StockOption[] stock, decimal kerf, decimal trimStart, decimal trimEnd, decimal? keep, bool fewerPatterns,
        long maxItems, SearchOptions options)
    {
        (Input, _stock) = (input, stock);
        var sizes = new decimal[input.Problem.ItemCount];
        for (var item = 0; item < sizes.Length; item++)
            sizes[item] = input.Sizes.FromUnits(input.Problem[item]);
        try
        {
            _lengthUnits = UnitsIn([.. sizes, .. stock.Select(kind => kind.Length), kerf, trimStart, trimEnd, keep ?? 0]);
            _costUnits = UnitsIn(stock.Select(kind => kind.Cost ?? kind.Length));
            _sizes = Array.ConvertAll(sizes, size => ToUnits(size, _lengthUnits));
            var rules = new CuttingRules
            {
                Kerf = ToUnits(kerf, _lengthUnits),
                TrimStart = ToUnits(trimStart, _lengthUnits),
                TrimEnd = ToUnits(trimEnd, _lengthUnits),
                MinRemnant = keep is { } least ? ToUnits(least, _lengthUnits) : null,
                MaxItems = maxItems,
                FewerPatterns = fewerPatterns,
            };
            StockBin[] bins = [.. stock.Select(kind => new StockBin(
                ToUnits(kind.Length, _lengthUnits), ToUnits(kind.Cost ?? kind.Length, _costUnits), kind.Count))];
            Check(trimStart + trimEnd);
            var shortest = sizes.DefaultIfEmpty().Min();
            Useless = [.. stock.Where(kind => kind.Count is not 0 && kind.Length - trimStart - trimEnd < shortest)];
            Result = CuttingStock.Solve(SizeHistogram.Of(_sizes), bins, rules, options);
        }
        catch (ArgumentOutOfRangeException bad)
        {
            throw new InputException(input.File, 0, bad.Message.Split(" (Parameter")[0]);
        }
        catch (OverflowException)
        {
            throw new InputException(input.File, 0, "With all decimals, lengths or costs leave the range of 64 bits.");
        }
        Plan = Result.Plan ?? throw new InputException(input.File, 0, Result.Status == CuttingStockStatus.Infeasible
            ? "The stock does not hold all items: it is proved that there is no plan."
            : "No plan was found in time; there may be one. Give more time (--time-limit) or more stock.");
    }

    /// <summary>Stock that there is, and no item fits: a mistake in the command line, or just not wanted.</summary>
    public IEnumerable<StockOption> Useless { get; }

    public Input Input { get; }

    public CuttingStockResult Result { get; }

    public CuttingPlan Plan { get; }

    public decimal Cost => Plan.Cost / _costUnits;

    public decimal LowerBound => Result.LowerBound / _costUnits;

    /// <summary>Bins used of each kind, in the order of the stock.</summary>
    public IEnumerable<(StockOption Kind, long Bins)> Used => _stock.Select((kind, at) =>
        (kind, Plan.Patterns.Where(cut => cut.Bin == at).Sum(cut => cut.Pattern.Multiplicity)));

    /// <summary>What is kept of all remnants.</summary>
    public decimal Kept => Plan.Patterns.Sum(cut => (decimal)cut.KeptRemnant * cut.Pattern.Multiplicity) / _lengthUnits;

    /// <summary>Each bin with its items; runs of one pattern stand together.</summary>
    public IEnumerable<PackedBin> Bins()
    {
        var dealt = Plan.Deal(Enumerable.Range(0, _sizes.Length), item => _sizes[item]);
        var kept = Plan.Patterns.SelectMany(cut => Enumerable.Repeat(cut.KeptRemnant > 0, (int)cut.Pattern.Multiplicity));
        return dealt.Zip(kept, (bin, isKept) => new PackedBin(
            _stock[bin.Kind].Length, bin.Items.Sum(item => (decimal)_sizes[item]) / _lengthUnits, bin.Remnant / _lengthUnits,
            isKept ? "left to keep" : "left", bin.Items));
    }

    /// <summary>The first line that fits no stock, before any work.</summary>
    private void Check(decimal trims)
    {
        var longest = _stock.Where(kind => kind.Count is not 0).Select(kind => kind.Length - trims).DefaultIfEmpty().Max();
        for (var item = 0; item < _sizes.Length; item++)
            if (Input.Sizes.FromUnits(Input.Problem[item]) is var length && (length > longest || length == 0))
                throw new InputException(
                    Input.File, Input.Sizes.LineOf(item),
                    length == 0 ? "The length is 0."
                        : $"Length {length} fits no stock{(_stock.Any(kind => kind.Length - trims >= length) ? " that there is" : "")}; "
                            + $"the longest gives {Math.Max(0, longest)}.");
    }

    /// <summary>A power of ten that makes all numbers whole.</summary>
    private static decimal UnitsIn(IEnumerable<decimal> numbers)
    {
        var units = 1m;
        foreach (var number in numbers)
            while (number * units != decimal.Floor(number * units))
                units *= 10;
        return units;
    }

    private static long ToUnits(decimal number, decimal units) => (long)(number * units);
}
