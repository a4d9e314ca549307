using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PackingKit;

/// <summary>
/// Bounded knapsack by dynamic programming: entry (type, slots, room) is the most price that the types from one on can add to a bin with so
/// much room and so
/// many slots left, or minus infinity where they cannot fill it up to the waste that is allowed. Prices are integers held in doubles below
/// 2^53, so nothing rounds.
/// </summary>
/// <remarks>
/// Large capacities are divided by a grain and weights rounded down with them: then an entry is an upper bound, not the value. Without an
/// item limit, or under
/// one too large for the memory, there is one level of slots. O(types * rooms * levels) time and space; the space is reused from one table
/// to the next.
/// </remarks>
internal sealed class KnapsackTable
{
    private const long MaxEntries = 40_000_000, MaxRooms = 32_000, CoarseRooms = 8_000;

    private readonly ItemTypes _items;
    private readonly int _rooms, _levels, _stride;
    private readonly int[] _rowOf;
    private readonly SearchContext _context;
    private double[] _values = [];

    public KnapsackTable(ItemTypes items, SearchContext context)
    {
        (_items, _context) = (items, context);
        const int fewestRooms = 64;
        _levels = items.MaxItems < MaxEntries / fewestRooms / (items.Count + 1) ? (int)items.MaxItems + 1 : 1;
        // Where weights must be rounded anyway, a small table and a search over exact weights are faster than a large one.
        var rooms = Math.Clamp(
            MaxEntries / ((long)_levels * (items.Count + 1)), fewestRooms, items.Capacity > MaxRooms ? CoarseRooms : MaxRooms);
        Grain = Math.Max(1, ((items.Capacity - 1) / rooms) + 1);
        _rooms = (int)(items.Capacity / Grain) + 1;
        _stride = _levels * _rooms;
        _rowOf = new int[items.Count + 1];
        IsExact = Grain == 1 && !items.HasConflicts && (_levels > 1 || items.MaxItems == BinLimits.Unlimited);
    }

    /// <summary>Whether the entries are the values themselves, not just bounds on them.</summary>
    public bool IsExact { get; }

    /// <summary>Units of weight to one unit of room.</summary>
    private long Grain { get; }

    /// <summary>The room of an empty bin.</summary>
    public int FullRoom => _rooms - 1;

    /// <summary>The slots of an empty bin; 0 throughout where they are not counted.</summary>
    public int FullSlots => _levels - 1;

    /// <summary>What one item of a type takes of the room.</summary>
    public int RoomOf(int type) => (int)(_items.Weights[type] / Grain);

    /// <summary>What one item of a type takes of the slots.</summary>
    public int SlotsOf(int type) => _levels == 1 ? 0 : _items.Members[type].Length;

    /// <summary>The most that types from <paramref name="type"/> on can add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double MostFrom(int type, int slots, int room) => _values[((long)_rowOf[type] * _stride) + (slots * _rooms) + room];

    /// <summary>Works the table out.</summary>
    /// <param name="prices">Price of each type: a whole number, not negative.</param>
    /// <param name="copies">The most copies of each type in a bin, at most what fits.</param>
    /// <param name="waste">The most room that a bin may leave empty.</param>
    public void Build(ReadOnlySpan<double> prices, ReadOnlySpan<long> copies, long waste)
    {
        var rows = 1;
        for (var i = 0; i < _items.Count; i++)
            rows += copies[i] > 0 ? 1 : 0;
        if (_context.TableMemory.LongLength < (long)rows * _stride)
            _context.TableMemory = GC.AllocateUninitializedArray<double>(checked(rows * _stride));
        _values = _context.TableMemory;

        // Rounded down, each item hides less than one grain of its weight.
        var mostItems = _items.Weights[^1] > 0 ? _items.Capacity / _items.Weights[^1] : _items.MaxItems;
        var hidden = Grain == 1 ? 0 : mostItems;
        var coarseWaste = waste >= _items.Capacity ? FullRoom : (int)Math.Min(FullRoom, (waste / Grain) + Math.Min(hidden, FullRoom));
        for (var level = 0; level < _levels; level++)
        {
            _values.AsSpan(level * _rooms, coarseWaste + 1).Clear();
            _values.AsSpan((level * _rooms) + coarseWaste + 1, _rooms - coarseWaste - 1).Fill(double.NegativeInfinity);
        }
        _rowOf[_items.Count] = 0;
        var row = 0;
        for (var i = _items.Count - 1; i >= 0; i--)
        {
            // A type without price adds nothing, unless it is wanted to fill a bin up.
            if (copies[i] > 0 && (prices[i] > 0 || coarseWaste < FullRoom))
                Add(row++, RoomOf(i), SlotsOf(i), prices[i], copies[i]);
            _rowOf[i] = row;
        }
    }

    private void Add(int source, int room, int slots, double price, long copies)
    {
        var from = _values.AsSpan(source * _stride, _stride);
        var to = _values.AsSpan((source + 1) * _stride, _stride);
        if (_levels == 1 && room >= Vector<double>.Count && copies >= FullRoom / room)
        {
            from.CopyTo(to);
            Repeat(to, room, price);
            return;
        }
        // The first copy goes from row to row; then 1, 2, 4, ... more copies in place, which adds up to every number of copies.
        Shift(from, to, room, slots, price);
        copies--;
        for (long step = 1; copies > 0; step *= 2)
        {
            var more = Math.Min(step, copies);
            copies -= more;
            if (more * room <= FullRoom && more * slots <= FullSlots)
                Shift(to, to, (int)more * room, (int)more * slots, more * price);
        }
    }

    /// <summary>
    /// to[level, room] = max(from[level, room], from[level - slots, room - shift] + price), from the top down so that it may work in place.
    /// </summary>
    private void Shift(Span<double> from, Span<double> to, int shift, int slots, double price)
    {
        var inPlace = from == to;
        for (var level = _levels - 1; level >= 0; level--)
        {
            var target = to.Slice(level * _rooms, _rooms);
            var stay = from.Slice(level * _rooms, _rooms);
            if (level < slots || shift >= _rooms)
            {
                if (!inPlace)
                    stay.CopyTo(target);
                continue;
            }
            ShiftRow(stay, from.Slice((level - slots) * _rooms, _rooms), target, shift, price);
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
        var room = target.Length;
        for (; room - Vector<double>.Count >= shift; room -= Vector<double>.Count)
        {
            var at = room - Vector<double>.Count;
            var best = Vector.Max(Vector.LoadUnsafe(ref a, (nuint)at), Vector.LoadUnsafe(ref b, (nuint)(at - shift)) + added);
            best.StoreUnsafe(ref t, (nuint)at);
        }
        for (room--; room >= shift; room--)
            target[room] = Math.Max(stay[room], take[room - shift] + price);
    }

    /// <summary>Any number of copies: upwards in place, a vector at a time, which the shift leaves behind it finished.</summary>
    private static void Repeat(Span<double> row, int shift, double price)
    {
        ref var t = ref MemoryMarshal.GetReference(row);
        var added = new Vector<double>(price);
        var room = shift;
        for (; room + Vector<double>.Count <= row.Length; room += Vector<double>.Count)
        {
            var best = Vector.Max(Vector.LoadUnsafe(ref t, (nuint)room), Vector.LoadUnsafe(ref t, (nuint)(room - shift)) + added);
            best.StoreUnsafe(ref t, (nuint)room);
        }
        for (; room < row.Length; room++)
            row[room] = Math.Max(row[room], row[room - shift] + price);
    }
}
