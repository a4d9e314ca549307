namespace PackingKit;

/// <summary>
/// Bounded knapsack by dynamic programming. Entry (type, level, residual) is the most that the types from one on can be worth in a bin with
/// that residual, which takes as many items more as the level says; minus infinity where they cannot fill it up to the residual that is
/// allowed. Prices are integers held in doubles below 2^53, so nothing rounds.
/// </summary>
/// <remarks>
/// The table counts weight in units. Large capacities have units of several weights, and items are rounded down to them: then an entry is
/// an upper bound, not the value. Without an item limit, or under one too large for the memory, there is one level. O(types *
/// units * levels) time and space; the space is reused from one table to the next.
/// </remarks>
internal sealed class KnapsackTable
{
    private readonly ItemTypes _items;
    private readonly int _residuals, _levels, _stride; // entries of one level and of one row
    private readonly int[] _rowOf;
    private readonly SearchContext _context;
    private double[] _values = [];

    /// <summary>A table for some types.</summary>
    /// <param name="items">The types.</param>
    /// <param name="context">Memory, and when to stop.</param>
    /// <param name="maxUnits">The most units that the capacity is divided into, as far as the memory allows.</param>
    public KnapsackTable(ItemTypes items, SearchContext context, long maxUnits)
    {
        _items = items;
        _context = context;
        const long entries = SearchTuning.MaxTableEntries;
        _levels = items.MaxItems < entries / SearchTuning.MinUnits / (items.Count + 1) ? (int)items.MaxItems + 1 : 1;
        var units = Math.Clamp(entries / ((long)_levels * (items.Count + 1)), SearchTuning.MinUnits, maxUnits);
        Unit = Integers.CeilingDivide(items.Capacity, units);
        _residuals = (int)(items.Capacity / Unit) + 1;
        _stride = _levels * _residuals;
        _rowOf = new int[items.Count + 1];
        IsExact = Unit == 1 && !items.HasConflicts && (_levels > 1 || items.MaxItems == BinLimits.Unlimited);
    }

    /// <summary>Whether the entries are the values themselves, not just bounds on them.</summary>
    public bool IsExact { get; }

    /// <summary>Weight of one unit.</summary>
    public long Unit { get; }

    /// <summary>The residual of an empty bin, in units.</summary>
    public int FullResidual => _residuals - 1;

    /// <summary>The level of an empty bin; 0 throughout where items are not counted.</summary>
    public int FullLevel => _levels - 1;

    public int UnitsOf(int type) => (int)(_items.Weights[type] / Unit);

    public int LevelsOf(int type) => _levels == 1 ? 0 : _items.Members[type].Length;

    /// <summary>Whether the last table was computed to its end. Else its entries mean nothing and must not be read.</summary>
    public bool IsBuilt { get; private set; }

    /// <summary>The most that types from <paramref name="type"/> on can add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double MaxFrom(int type, int level, int residual) =>
        _values[((long)_rowOf[type] * _stride) + (level * _residuals) + residual];

    /// <summary>Computes the table. Where the context says that it is time to stop, it is not <see cref="IsBuilt"/>.</summary>
    /// <param name="prices">Price of each type: an integer, not negative.</param>
    /// <param name="copies">The most copies of each type in a bin, at most what fits.</param>
    /// <param name="maxResidual">The most weight that a bin may leave empty.</param>
    public void Build(ReadOnlySpan<double> prices, ReadOnlySpan<long> copies, long maxResidual)
    {
        var rows = 1 + copies.Length - copies.Count(0);
        if (_context.TableMemory.LongLength < (long)rows * _stride)
            _context.TableMemory = GC.AllocateUninitializedArray<double>(checked(rows * _stride));
        _values = _context.TableMemory;

        // Each item that is rounded down seems to leave up to one unit more than it does.
        var maxItems = _items.Weights[^1] > 0 ? _items.Capacity / _items.Weights[^1] : _items.MaxItems;
        var hidden = Unit == 1 ? 0 : Math.Min(maxItems, FullResidual);
        var allowed = maxResidual >= _items.Capacity ? FullResidual : (int)Math.Min(FullResidual, (maxResidual / Unit) + hidden);
        for (var level = 0; level < _levels; level++)
        {
            var row0 = _values.AsSpan(level * _residuals, _residuals);
            row0[..(allowed + 1)].Clear();
            row0[(allowed + 1)..].Fill(double.NegativeInfinity);
        }
        _rowOf[_items.Count] = 0;
        var row = 0;
        IsBuilt = false;
        for (var i = _items.Count - 1; i >= 0; i--)
        {
            if (_context.Stop)
                return;
            // A type without price adds nothing, unless it is needed to fill a bin up.
            if (copies[i] > 0 && (prices[i] > 0 || allowed < FullResidual))
                Add(row++, UnitsOf(i), LevelsOf(i), prices[i], copies[i]);
            _rowOf[i] = row;
        }
        IsBuilt = true;
    }

    private void Add(int source, int units, int levels, double price, long copies)
    {
        var from = _values.AsSpan(source * _stride, _stride);
        var to = _values.AsSpan((source + 1) * _stride, _stride);
        if (_levels == 1 && units >= Vector<double>.Count && copies >= FullResidual / units)
        {
            from.CopyTo(to);
            Repeat(to, units, price);
            return;
        }
        // The first copy goes from row to row; then 1, 2, 4, ... more copies in place, which adds up to every number of copies.
        Shift(from, to, units, levels, price);
        copies--;
        for (long step = 1; copies > 0; step *= 2)
        {
            var more = Math.Min(step, copies);
            copies -= more;
            if (more * units <= FullResidual && more * levels <= FullLevel)
                Shift(to, to, (int)more * units, (int)more * levels, more * price);
        }
    }

    /// <summary>
    /// to[level, r] = max(from[level, r], from[level - levels, r - shift] + price), from the top down so that it may work in place.
    /// </summary>
    private void Shift(Span<double> from, Span<double> to, int shift, int levels, double price)
    {
        var inPlace = from == to;
        for (var level = _levels - 1; level >= 0; level--)
        {
            var target = to.Slice(level * _residuals, _residuals);
            var stay = from.Slice(level * _residuals, _residuals);
            if (level < levels || shift >= _residuals)
            {
                if (!inPlace)
                    stay.CopyTo(target);
                continue;
            }
            ShiftRow(stay, from.Slice((level - levels) * _residuals, _residuals), target, shift, price);
            if (!inPlace)
                stay[..shift].CopyTo(target);
        }
    }

    private static void ShiftRow(ReadOnlySpan<double> stay, ReadOnlySpan<double> take, Span<double> target, int shift, double price)
    {
        ref var a = ref MemoryMarshal.GetReference(stay);
        ref var b = ref MemoryMarshal.GetReference(take);
        ref var t = ref MemoryMarshal.GetReference(target);
        var added = new Vector<double>(price);
        var end = target.Length;
        for (; end - Vector<double>.Count >= shift; end -= Vector<double>.Count)
        {
            var at = end - Vector<double>.Count;
            var best = Vector.Max(Vector.LoadUnsafe(ref a, (nuint)at), Vector.LoadUnsafe(ref b, (nuint)(at - shift)) + added);
            best.StoreUnsafe(ref t, (nuint)at);
        }
        for (var at = end - 1; at >= shift; at--)
            target[at] = Math.Max(stay[at], take[at - shift] + price);
    }

    /// <summary>Any number of copies: upwards in place. A shift is at least one vector long, so what a vector reads is finished.</summary>
    private static void Repeat(Span<double> row, int shift, double price)
    {
        ref var t = ref MemoryMarshal.GetReference(row);
        var added = new Vector<double>(price);
        var at = shift;
        for (; at + Vector<double>.Count <= row.Length; at += Vector<double>.Count)
        {
            var best = Vector.Max(Vector.LoadUnsafe(ref t, (nuint)at), Vector.LoadUnsafe(ref t, (nuint)(at - shift)) + added);
            best.StoreUnsafe(ref t, (nuint)at);
        }
        for (; at < row.Length; at++)
            row[at] = Math.Max(row[at], row[at - shift] + price);
    }
}
