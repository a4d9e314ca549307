namespace PackingKit;

/// <summary>
/// Pairs of types that stand together wherever bins may leave no more empty than a waste: without the second, nothing fills a bin of the
/// first. Sums of sizes are sets of bits, one for each size up to half the capacity.
/// </summary>
internal sealed class ForcedPairs
{
    private readonly ItemTypes _items;
    private readonly long _waste;
    private readonly Func<bool> _stop;
    private readonly int[] _heavy, _light; // types above half a bin, and the others
    private readonly List<(int A, int B)> _pairs = [];

    private ForcedPairs(ItemTypes items, long waste, Func<bool> stop)
    {
        (_items, _waste, _stop) = (items, waste, stop);
        var wanted = Enumerable.Range(0, items.Count).Where(type => items.Demands[type] > 0).ToArray();
        _heavy = Array.FindAll(wanted, IsHeavy);
        _light = Array.FindAll(wanted, type => !IsHeavy(type));

        bool IsHeavy(int type) => items.Weights[type] > items.Capacity / 2;
    }

    /// <summary>The pairs, each of a type above half a bin and a lighter one.</summary>
    public IReadOnlyList<(int A, int B)> Pairs => _pairs;

    /// <summary>A type above half a bin that nothing fills a bin with; then no pairs are looked for.</summary>
    public int? Stuck { get; private set; }

    /// <summary>Finds them; none where that would take too long.</summary>
    /// <param name="items">What is to be packed; without conflicts and item limit.</param>
    /// <param name="waste">The most that a bin may leave empty.</param>
    /// <param name="stop">Asked for each type.</param>
    public static ForcedPairs Of(ItemTypes items, long waste, Func<bool> stop)
    {
        var forced = new ForcedPairs(items, waste, stop);
        var words = (items.Capacity / 128) + 1;
        if (words <= SearchTuning.WordsForForcedPairs / Math.Max(1, forced._light.Length))
            forced.Look(words);
        return forced;
    }

    private void Look(long words)
    {
        var none = new ulong[words];
        none[0] = 1;
        var all = With(none, 0, _light.Length);
        foreach (var heavy in _heavy)
            if (!Fills(all, _items.Capacity - _items.Weights[heavy]))
                Stuck = heavy;
        if (Stuck is null && _heavy.Length > 0 && _light.Length > 0)
            Look(none, 0, _light.Length);
    }

    /// <summary>Looks at a range of light types, each of them left out, given the sums of all others.</summary>
    private void Look(ulong[] sums, int begin, int end)
    {
        if (_stop())
            return;
        if (end - begin == 1)
        {
            foreach (var heavy in _heavy)
                if (!Fills(sums, _items.Capacity - _items.Weights[heavy]))
                    _pairs.Add((heavy, _light[begin]));
            return;
        }
        var middle = (begin + end) / 2;
        Look(With(sums, middle, end), begin, middle);
        Look(With(sums, begin, middle), middle, end);
    }

    /// <summary>Whether some sum fills a residual up to the waste.</summary>
    private bool Fills(ulong[] sums, long residual)
    {
        for (var sum = Math.Max(0, residual - _waste); sum <= residual; sum++)
            if ((sums[sum >> 6] >> (int)(sum & 63) & 1) != 0)
                return true;
        return false;
    }

    private ulong[] With(ulong[] sums, int begin, int end)
    {
        var more = (ulong[])sums.Clone();
        for (var i = begin; i < end; i++)
        {
            var type = _light[i];
            // Copies in pieces of 1, 2, 4, ... and the rest: any number of copies is a sum of pieces.
            for (long left = Math.Min(_items.Demands[type], _items.CopiesThatFit(type)), piece = 1; left > 0; left -= piece, piece *= 2)
            {
                piece = Math.Min(piece, left);
                Add(more, piece * _items.Weights[type]);
            }
        }
        return more;
    }

    /// <summary>Adds a size to those that make up the sums, from the top down so that it may work in place.</summary>
    private static void Add(ulong[] sums, long size)
    {
        var (words, bits) = (size >> 6, (int)(size & 63));
        for (var i = sums.Length - 1; i >= words; i--)
        {
            var from = i - words;
            sums[i] |= bits == 0 ? sums[from] : (sums[from] << bits) | (from > 0 ? sums[from - 1] >> (64 - bits) : 0);
        }
    }
}
