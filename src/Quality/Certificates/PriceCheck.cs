namespace PackingKit;

/// <summary>
/// Decides whether any bin can hold more than the limit in price: a bounded knapsack by lists of undominated states (weight
/// and price both rising), one list for each number of items where the item limit matters. A state that even the best price a
/// unit cannot lift above the limit is cut off.
/// </summary>
internal sealed class PriceCheck
{
    private const int MaxLists = 1 << 20;

    /// <summary>States of all lists together: 16 bytes each, and as many again while two lists are merged.</summary>
    public const int MaxStates = 1 << 23;

    private readonly long _capacity;
    private readonly long _limit;
    private readonly int _maxItems; // 0 where the item limit does not matter
    private readonly (long Size, long Price, long Copies)[] _types; // in falling price a unit
    private readonly CancellationToken _cancellationToken;
    private long _steps;
    private long _states;

    public PriceCheck(SizeHistogram histogram, BinLimits limits, DualPrices duals, long steps, CancellationToken cancellationToken)
    {
        (_capacity, _limit, _steps, _cancellationToken) = (limits.Capacity, duals.Limit, steps, cancellationToken);
        _types =
        [
            .. duals.Sizes.Zip(duals.Prices)
                .Where(type => type.Second > 0 && histogram.CountOf(type.First) > 0)
                .Select(type => (
                    type.First, type.Second,
                    Math.Min(histogram.CountOf(type.First), type.First == 0 ? long.MaxValue : limits.Capacity / type.First))),
        ];
        Array.Sort(_types, (a, b) => ((Int128)b.Price * a.Size).CompareTo((Int128)a.Price * b.Size));
        if (MaxThatFit() > limits.MaxItems)
        {
            var max = limits.MaxItems;
            _maxItems = limits.MaxItems32;
            for (var i = 0; i < _types.Length; i++)
                _types[i].Copies = Math.Min(_types[i].Copies, max);
        }
    }

    /// <summary>Whether no bin exceeds the limit; nothing where the steps, or the memory for states, ran out.</summary>
    public bool? HoldsWithin()
    {
        if (_maxItems > MaxLists)
            return null;
        List<(long Weight, long Price)>[] lists = [.. Enumerable.Range(0, _maxItems + 1).Select(_ => new List<(long, long)>())];
        lists[0].Add((0, 0));
        var dearest = new long[_types.Length]; // the dearest item from here on
        for (var type = _types.Length - 1; type >= 0; type--)
            dearest[type] = Math.Max(_types[type].Price, type + 1 < _types.Length ? dearest[type + 1] : 0);

        for (var type = 0; type < _types.Length; type++)
        {
            // Copies in pieces of 1, 2, 4, ... and the rest: any number of copies is a sum of pieces.
            for (long left = _types[type].Copies, piece = 1; left > 0; left -= piece, piece *= 2)
            {
                piece = Math.Min(piece, left);
                var price = (Int128)piece * _types[type].Price;
                if (price > _limit)
                    return false; // the piece fits a bin on its own
                var (weight, taken) = (piece * _types[type].Size, _maxItems == 0 ? 0 : (int)piece);
                for (var items = _maxItems; items >= taken; items--)
                {
                    _cancellationToken.ThrowIfCancellationRequested();
                    _steps -= lists[items].Count + lists[items - taken].Count + StepBudget.Entry;
                    if (_steps < 0)
                        return null;
                    var maxByItems = _maxItems == 0 ? long.MaxValue : (Int128)(_maxItems - items) * dearest[type];
                    if (Merge(lists[items], lists[items - taken], weight, (long)price, _types[type], maxByItems) is not { } merged)
                        return false;
                    _states += merged.Count - lists[items].Count;
                    if (_states > MaxStates)
                        return null;
                    lists[items] = merged;
                }
            }
        }
        return true;
    }

    /// <summary>The undominated states of a list and of another one with a piece added; nothing where one exceeds the limit.</summary>
    private List<(long Weight, long Price)>? Merge(
        List<(long Weight, long Price)> without, List<(long Weight, long Price)> with, long weight, long price,
        (long Size, long Price, long Copies) densest, Int128 maxByItems)
    {
        List<(long Weight, long Price)> merged = [];
        long best = -1;
        for (int i = 0, j = 0; i < without.Count || j < with.Count;)
        {
            (long Weight, long Price) state;
            if (j == with.Count || (i < without.Count && without[i].Weight <= with[j].Weight + (Int128)weight))
                state = without[i++];
            else
            {
                if (with[j].Weight > _capacity - weight)
                {
                    j = with.Count;
                    continue;
                }
                if (with[j].Price > _limit - price)
                    return null;
                state = (with[j].Weight + weight, with[j].Price + price);
                j++;
            }
            if (state.Price > best && CanExceed(state))
            {
                merged.Add(state);
                best = state.Price;
            }
        }
        return merged;

        bool CanExceed((long Weight, long Price) state) =>
            (Int128)(_limit - state.Price) * densest.Size < (Int128)(_capacity - state.Weight) * densest.Price
            && maxByItems > _limit - state.Price;
    }

    /// <summary>The most items that one bin can hold, smallest first.</summary>
    private Int128 MaxThatFit()
    {
        Int128 items = 0;
        var residual = _capacity;
        foreach (var (size, _, copies) in _types.OrderBy(type => type.Size))
        {
            var fit = size == 0 ? copies : Math.Min(copies, residual / size);
            items += fit;
            residual -= fit * size;
        }
        return items;
    }
}
