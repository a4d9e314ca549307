namespace PackingKit;

/// <summary>
/// Decides whether a bin of a packing without much waste may be worth so much, with types in conflict: a depth-first search, heaviest types
/// first, bounded by a table of what the types from one on are worth in what is left of the bin.
/// </summary>
/// <remarks>
/// The table does not know conflicts. Where it would be too large, weights are counted in units, each item's rounded down; where items are
/// too many to be counted, it does not count them. Its entries are bounds then, and the search decides.
/// </remarks>
/// <param name="capacity">What a bin takes in weight.</param>
/// <param name="maxItems">How many items of the problem a bin takes.</param>
/// <param name="waste">What a bin may leave empty, at least 0.</param>
/// <param name="budget">The steps of all searches together.</param>
internal sealed class LeafCheck(long capacity, long maxItems, long waste, StepBudget budget)
{
    /// <summary>Entries of the table, 8 bytes each: 0.3 GB.</summary>
    public const long MaxEntries = 1L << 25;

    /// <summary>The most that as many items of each type as fit may be worth together.</summary>
    public const long MaxWorth = long.MaxValue / 4;

    /// <summary>Types in one bin, as far as the search goes: the input may not set how much of the stack is taken.</summary>
    private const int MaxTypes = 1000;

    /// <summary>Most and fewest units that the capacity is divided into; items are not counted where fewer would be left.</summary>
    private const long MaxUnits = 1 << 16, MinUnits = 64;

    private const long Never = long.MinValue / 2; // so far below 0 that no worth lifts it above

    private readonly List<Type> _types = [];
    private long[] _table = [];
    private int[] _banned = [];
    private int _residuals, _levels;
    private long _unit, _threshold;
    private bool _gaveUp;

    /// <summary>Whether a bin may be worth so much; nothing where that was not decided within the steps.</summary>
    /// <param name="items">The items, with their conflicts.</param>
    /// <param name="prices">The price of each type, not negative, within <see cref="MaxWorth"/>.</param>
    /// <param name="threshold">The worth in question, at least 0.</param>
    public bool? CanBeWorth(RefutedItems items, ReadOnlySpan<long> prices, long threshold)
    {
        Order(items, prices);
        if (_types.Count(type => type.Price > 0) == 1 && FillsNoBin(_types.Find(type => type.Price > 0)))
            return false;
        if (!TryBuildTable())
            return null;
        (_threshold, _gaveUp, _banned) = (threshold, false, new int[_types.Count]);
        var found = BoundFrom(0, capacity, maxItems) >= threshold && Search(0, capacity, maxItems, 0, 0);
        return _gaveUp ? null : found;
    }

    /// <summary>
    /// Whether it is plain that no bin with an item of one type is full enough. Bit s of a set says whether types that may stand beside it
    /// add up to s; which of them are in conflict with each other and how many items there are does not count.
    /// </summary>
    private bool FillsNoBin(Type one)
    {
        var residual = capacity - one.Weight;
        if (residual < 0)
            return true;
        var words = (residual >> 6) + 1;
        if (words > MaxEntries || !budget.TryTake(Math.Min(residual, waste)))
            return false;
        var sums = new ulong[words];
        sums[0] = 1;
        for (var place = 0; place < _types.Count; place++)
        {
            var type = _types[place];
            // Another of the type itself may stand there as well: counted in full, it only adds sums.
            if (type.Weight == 0 || type.Weight > residual || one.Conflicts.Contains(place))
                continue;
            for (long left = type.Copies, piece = 1; left > 0; left -= piece, piece *= 2)
            {
                piece = Math.Min(piece, left);
                if (!budget.TryTake(words))
                    return false;
                AddTo(sums, piece * type.Weight);
            }
        }
        for (var sum = Math.Max(0, residual - waste); sum <= residual; sum++)
            if ((sums[sum >> 6] >> (int)(sum & 63) & 1) != 0)
                return false;
        return true;
    }

    private static void AddTo(ulong[] sums, long weight)
    {
        var (words, bits) = (weight >> 6, (int)(weight & 63));
        for (var i = sums.Length - 1; i >= words; i--)
        {
            var from = i - words;
            sums[i] |= bits == 0 ? sums[from] : (sums[from] << bits) | (from > 0 ? sums[from - 1] >> (64 - bits) : 0);
        }
    }

    private void Order(RefutedItems items, ReadOnlySpan<long> prices)
    {
        int[] order =
        [
            .. Enumerable.Range(0, items.Counts.Count).Where(type => items.Counts[type] > 0).OrderByDescending(type => items.Weights[type]),
        ];
        var place = order.Index().ToDictionary(type => type.Item, type => type.Index);
        _types.Clear();
        foreach (var type in order)
        {
            int[] conflicts = [.. items.ConflictsOf(type).Where(place.ContainsKey).Select(other => place[other])];
            var copies = Math.Min(items.Counts[type], maxItems / items.Items[type]);
            if (items.Weights[type] > 0)
                copies = Math.Min(copies, capacity / items.Weights[type]);
            if (items.ConflictsOf(type).Contains(type))
                copies = Math.Min(copies, 1);
            _types.Add(new Type(items.Weights[type], items.Items[type], prices[type], copies, conflicts));
        }
    }

    private bool TryBuildTable()
    {
        var entries = MaxEntries / (_types.Count + 1);
        if (entries < MinUnits)
            return false;
        _levels = maxItems < entries / MinUnits ? (int)maxItems + 1 : 1;
        _unit = (capacity / Math.Min(entries / _levels, MaxUnits)) + 1; // so no level has more residuals than entries
        _residuals = (int)(capacity / _unit) + 1;
        var stride = _levels * _residuals;
        if (!budget.TryTake(stride))
            return false;
        if (_table.Length < stride * (_types.Count + 1))
            _table = GC.AllocateUninitializedArray<long>(stride * (_types.Count + 1));

        // Each item that is rounded down seems to leave up to one unit more than it does.
        var hidden = _unit == 1 ? 0 : MaxCopies();
        var allowed = (int)Math.Min(_residuals - 1, (waste / _unit) + hidden);
        for (var level = 0; level < _levels; level++)
        {
            var row = Row(_types.Count).Slice(level * _residuals, _residuals);
            row[..(allowed + 1)].Clear();
            row[(allowed + 1)..].Fill(Never);
        }
        for (var type = _types.Count - 1; type >= 0; type--)
        {
            var (weight, items, price, copies, _) = _types[type];
            if (!budget.TryTake(stride))
                return false;
            Row(type + 1).CopyTo(Row(type));
            // Copies in pieces of 1, 2, 4, ... and the rest: any number of copies is a sum of pieces.
            for (long left = copies, piece = 1; left > 0; left -= piece, piece *= 2)
            {
                piece = Math.Min(piece, left);
                if (!budget.TryTake(stride))
                    return false;
                Add(Row(type), (int)Math.Min(piece * (weight / _unit), _residuals), _levels == 1 ? 0 : (int)(piece * items), piece * price);
            }
        }
        return true;
    }

    /// <summary>Lets every state be reached with a piece added, from the top down so that it may work in place.</summary>
    private void Add(Span<long> row, int units, int items, long worth)
    {
        for (var level = _levels - 1; level >= items; level--)
        {
            var to = row.Slice(level * _residuals, _residuals);
            var from = row.Slice((level - items) * _residuals, _residuals);
            for (var residual = _residuals - 1; residual >= units; residual--)
                to[residual] = Math.Max(to[residual], from[residual - units] + worth);
        }
    }

    private Span<long> Row(int type) => _table.AsSpan(type * _levels * _residuals, _levels * _residuals);

    /// <summary>The most copies of types that can be in one bin, at least.</summary>
    private long MaxCopies()
    {
        long copies = 0, room = capacity;
        for (var type = _types.Count - 1; type >= 0; type--)
        {
            var (weight, _, _, most, _) = _types[type];
            var fit = weight == 0 ? most : Math.Min(most, room / weight);
            copies = Math.Min(copies + fit, _residuals);
            room -= fit * weight;
        }
        return copies;
    }

    private long BoundFrom(int type, long residual, long itemsLeft)
    {
        var level = _levels == 1 ? 0 : (int)itemsLeft;
        return _table[(((long)type * _levels) + level) * _residuals + (residual / _unit)];
    }

    /// <summary>Whether the types from one on can fill up a bin to the worth in question.</summary>
    private bool Search(int type, long residual, long itemsLeft, long worth, int depth)
    {
        if (residual <= waste && worth >= _threshold)
            return true;
        for (; type < _types.Count && worth + BoundFrom(type, residual, itemsLeft) >= _threshold && !_gaveUp; type++)
        {
            _gaveUp = depth == MaxTypes || !budget.TryTake(1 + _types[type].Conflicts.Length);
            if (_banned[type] == 0 && !_gaveUp && Take(type, residual, itemsLeft, worth, depth))
                return true;
        }
        return false;
    }

    /// <summary>Takes the most copies of a type first, then fewer, down to one, and goes on with the lighter types.</summary>
    private bool Take(int type, long residual, long itemsLeft, long worth, int depth)
    {
        var (weight, items, price, copies, conflicts) = _types[type];
        copies = Math.Min(copies, itemsLeft / items);
        if (weight > 0)
            copies = Math.Min(copies, residual / weight);
        foreach (var other in conflicts)
            _banned[other]++;
        var found = false;
        for (; copies > 0 && !found && !_gaveUp; copies--)
            found = Search(type + 1, residual - (copies * weight), itemsLeft - (copies * items), worth + (copies * price), depth + 1);
        foreach (var other in conflicts)
            _banned[other]--;
        return found;
    }

    /// <summary>A type of which there are items.</summary>
    private readonly record struct Type(long Weight, long Items, long Price, long Copies, int[] Conflicts);
}
