namespace PackingKit;

/// <summary>
/// Descents from seeded random assignments: the fullest bin gives up to two items to another bin for up to two of that bin's, by the
/// exchange that leaves the larger load of the two least, until none lowers it.
/// </summary>
internal sealed class BalancingDescent
{
    /// <summary>Most items of a bin of which pairs are looked at.</summary>
    private const int MaxPaired = 150;

    private readonly long[] _costs;
    private readonly int[] _binOf;
    private readonly long[] _loads;
    private readonly Parcel[][] _parcels; // of each bin, in increasing cost
    private readonly long _enough;
    private readonly Func<bool> _stop;
    private long _steps;

    /// <param name="costs">What items add to their bins.</param>
    /// <param name="bins">Number of bins, at least 2.</param>
    /// <param name="best">A largest load that is known; what is found is below it.</param>
    /// <param name="enough">A largest load below which there is none.</param>
    /// <param name="stop">Asked before each exchange.</param>
    public BalancingDescent(long[] costs, int bins, long best, long enough, Func<bool> stop)
    {
        (_costs, Best, _enough, _stop) = (costs, best, enough, stop);
        (_binOf, _loads, _parcels) = (new int[costs.Length], new long[bins], new Parcel[bins][]);
    }

    /// <summary>The least largest load known.</summary>
    public long Best { get; private set; }

    /// <summary>The bin of each item in the best that was found; <see langword="null"/> where nothing was below what was known.</summary>
    public int[]? Found { get; private set; }

    /// <summary>Descends again and again.</summary>
    /// <param name="seed">Of the assignments to begin with.</param>
    /// <param name="steps">The most parcels looked at.</param>
    public void Run(int seed, long steps)
    {
        _steps = steps;
        for (var random = new Random(seed); _steps > 0 && Best > _enough && !_stop();)
        {
            Array.Clear(_loads);
            for (var item = 0; item < _costs.Length; item++)
                _loads[_binOf[item] = random.Next(_loads.Length)] += _costs[item];
            for (var bin = 0; bin < _loads.Length; bin++)
                Collect(bin);
            while (_steps > 0 && !_stop() && Exchange())
            {
            }
            if (_loads.Max() is var largest && largest < Best)
                (Best, Found) = (largest, (int[])_binOf.Clone());
        }
    }

    /// <summary>Makes the best exchange between the fullest bin and another.</summary>
    /// <returns>Whether there was one that lowers the larger load of the two.</returns>
    private bool Exchange()
    {
        var full = Array.IndexOf(_loads, _loads.Max());
        (long Larger, int To, Parcel Given, Parcel Taken) best = (_loads[full], -1, default, default);
        for (var to = 0; to < _loads.Length; to++)
        {
            var apart = _loads[full] - _loads[to];
            if (apart < 2)
                continue;
            // The parcel to take in return costs least above what is given less half of what the loads are apart, or most below.
            var (given, taken) = (_parcels[full], _parcels[to]);
            _steps -= given.Length + taken.Length;
            var at = 0;
            foreach (var parcel in given)
            {
                while (at < taken.Length && taken[at].Cost < parcel.Cost - (apart / 2))
                    at++;
                for (var near = Math.Max(0, at - 1); near < Math.Min(taken.Length, at + 1); near++)
                {
                    var moved = parcel.Cost - taken[near].Cost;
                    if (Math.Max(_loads[full] - moved, _loads[to] + moved) is var larger && larger < best.Larger)
                        best = (larger, to, parcel, taken[near]);
                }
            }
        }
        if (best.To < 0)
            return false;
        Move(best.Given, best.To);
        Move(best.Taken, full);
        Collect(full);
        Collect(best.To);
        return true;
    }

    private void Move(Parcel parcel, int to)
    {
        foreach (var item in (ReadOnlySpan<int>)[parcel.First, parcel.Second])
            if (item >= 0)
            {
                _loads[_binOf[item]] -= _costs[item];
                _loads[to] += _costs[item];
                _binOf[item] = to;
            }
    }

    /// <summary>Nothing, each item and each pair of items in a bin.</summary>
    private void Collect(int bin)
    {
        List<int> items = [];
        for (var item = 0; item < _binOf.Length; item++)
            if (_binOf[item] == bin)
                items.Add(item);
        List<Parcel> parcels = [new(0, -1, -1)];
        for (var first = 0; first < items.Count; first++)
        {
            parcels.Add(new(_costs[items[first]], items[first], -1));
            for (var second = first + 1; second < items.Count && items.Count <= MaxPaired; second++)
                parcels.Add(new(_costs[items[first]] + _costs[items[second]], items[first], items[second]));
        }
        parcels.Sort((a, b) => a.Cost.CompareTo(b.Cost));
        _parcels[bin] = [.. parcels];
        _steps -= _binOf.Length + (parcels.Count * 8L); // sorting is most of the work
    }

    /// <summary>Up to two items of a bin: -1 for none.</summary>
    private readonly record struct Parcel(long Cost, int First, int Second);
}
