namespace PackingKit;

/// <summary>
/// Finds the first of many places that has room for a unit: a tree, each node with the most that a place below it has left of each
/// resource, of all together, and as a share of every resource. The last two pass over places of the wrong shape, that have much of one
/// resource and nothing of another. Usually O(log places), at worst all places.
/// </summary>
/// <remarks>
/// All as doubles: a unit that fits has no figure above those of its place, rounded as they are. Who is asked decides exactly.
/// </remarks>
internal sealed class RoomTree
{
    /// <summary>The answer where no place has room; each figure of a place that takes nothing.</summary>
    public const int None = -1;

    private readonly double[] _capacities;
    private readonly SizeMeasure _measure;
    private readonly int _width, _leaves;
    private readonly double[] _asked; // figures of what is asked about at the moment
    private readonly double[] _figures; // node i has children 2i and 2i + 1, leaves come last

    public RoomTree(ConstrainedProblem problem, int places)
    {
        _capacities = Array.ConvertAll(problem.Capacities.ToArray(), capacity => (double)capacity);
        _measure = problem.Measure;
        _width = _capacities.Length + 2;
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, places));
        _asked = new double[_width];
        _figures = new double[2 * _leaves * _width];
        _figures.AsSpan().Fill(None);
    }

    /// <summary>Forgets what a place had room for.</summary>
    public void Clear(int place) => Figures(_leaves + place).Fill(None);

    /// <summary>Gives a place at least as much room as told.</summary>
    public void Raise(int place, ReadOnlySpan<long> room)
    {
        Describe(room);
        var figures = Figures(_leaves + place);
        for (var at = 0; at < figures.Length; at++)
            figures[at] = Math.Max(figures[at], _asked[at]);
    }

    /// <summary>Tells the nodes above a place of its room.</summary>
    public void Tell(int place)
    {
        for (var node = (_leaves + place) / 2; node > 0; node /= 2)
        {
            var figures = Figures(node);
            var left = Figures(2 * node);
            var right = Figures((2 * node) + 1);
            for (var at = 0; at < figures.Length; at++)
                figures[at] = Math.Max(left[at], right[at]);
        }
    }

    /// <summary>The answer of the first place with room that has one.</summary>
    /// <param name="sizes">What is to fit.</param>
    /// <param name="ask">The bin at a place that takes it, or <see cref="None"/>.</param>
    public int Find(ReadOnlySpan<long> sizes, Func<int, int> ask)
    {
        Describe(sizes);
        return Find(1, _asked, ask);
    }

    private int Find(int node, ReadOnlySpan<double> wanted, Func<int, int> ask)
    {
        var figures = Figures(node);
        for (var at = 0; at < wanted.Length; at++)
            if (wanted[at] > figures[at])
                return None;
        if (node >= _leaves)
            return ask(node - _leaves);
        var found = Find(2 * node, wanted, ask);
        return found != None ? found : Find((2 * node) + 1, wanted, ask);
    }

    private void Describe(ReadOnlySpan<long> amounts)
    {
        var share = double.PositiveInfinity;
        for (var resource = 0; resource < amounts.Length; resource++)
        {
            _asked[resource] = amounts[resource];
            share = Math.Min(share, amounts[resource] / _capacities[resource]);
        }
        (_asked[^2], _asked[^1]) = (_measure.Of(amounts), share);
    }

    private Span<double> Figures(int node) => _figures.AsSpan(node * _width, _width);
}
