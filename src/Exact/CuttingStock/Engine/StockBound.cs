namespace PackingKit;

/// <summary>
/// Integer prices with what the best filling of each class is worth under them: bins that hold all items are worth at least what the items
/// are. No float takes part, and no cost.
/// </summary>
/// <param name="Prices">Price of each type, not negative.</param>
/// <param name="Worth">No bin of a class is worth more than this.</param>
/// <param name="Total">What all the items are worth.</param>
internal sealed record StockBound(long[] Prices, long[] Worth, Int128 Total)
{
    private List<(int Class, StockKind Kind)>? _byCost; // kinds by the cost of what they are worth

    /// <summary>Items priced by their sizes: no bin holds more than its capacity.</summary>
    public static StockBound OfSizes(StockProblem problem) => new(
        problem.Demands.Sizes.ToArray(), [.. problem.Classes.Select(bins => bins.Capacity)], problem.Demands.TotalSize);

    /// <summary>No plan costs less; <see langword="null"/> where there is none.</summary>
    public BigInteger? CostOf(StockProblem problem) =>
        LeastCost(problem, out _) is var (numerator, denominator) ? (numerator + denominator - 1) / denominator : null;

    /// <summary>What so many bins of each class may be worth beyond the items; where it is below 0, they do not hold them.</summary>
    public BigInteger Room(ReadOnlySpan<long> mix)
    {
        BigInteger room = -Total;
        for (var i = 0; i < mix.Length; i++)
            room += (BigInteger)mix[i] * Worth[i];
        return room;
    }

    /// <summary>
    /// The least that bins of the worth of all items cost, where bins may be divided; <see langword="null"/> where all that there are
    /// are worth less, so that there is no plan. The cheapest worth is taken first.
    /// </summary>
    /// <param name="problem">The kinds of bin.</param>
    /// <param name="last">The last kind that is taken.</param>
    /// <param name="from">The first class that bins are taken of.</param>
    /// <param name="worth">What is to be reached; <see langword="null"/> for the worth of all items.</param>
    public (BigInteger Numerator, BigInteger Denominator)? LeastCost(
        StockProblem problem, out StockKind? last, int from = 0, BigInteger? worth = null)
    {
        BigInteger cost = 0, left = worth ?? Total;
        last = null;
        foreach (var (at, kind) in _byCost ??= [.. ByCostOfWorth(problem)])
        {
            if (at < from)
                continue;
            if (left <= 0)
                break;
            last = kind;
            var all = (BigInteger)kind.Supply * Worth[at];
            if (all >= left)
                return ((cost * Worth[at]) + (left * kind.Cost), Worth[at]);
            left -= all;
            cost += (BigInteger)kind.Supply * kind.Cost;
        }
        return left <= 0 ? (cost, 1) : null;
    }

    /// <summary>
    /// The least worth of a bin of each class in a plan of at most some cost: below it, the cost has no room for what is lost.
    /// </summary>
    /// <remarks>
    /// Let r be the cost of worth at the last kind of <see cref="LeastCost"/>. A plan costs at least that bound, plus r times what its bins
    /// miss of their <see cref="Worth"/>, plus what kinds dearer than r cost beyond r times theirs.
    /// </remarks>
    public Int128[] MinWorth(StockProblem problem, BigInteger maxCost)
    {
        var none = new Int128[problem.Classes.Length];
        if (LeastCost(problem, out var last) is not var (numerator, denominator) || last is null)
            return none;
        var worthOfLast = (BigInteger)Worth[Array.FindIndex(problem.Classes, bins => bins.Capacity == last.Capacity)];
        return [.. problem.Classes.Select((bins, at) =>
        {
            // In units of 1 / denominator, which is the worth of the last kind.
            var dearer = BigInteger.Max(0, (bins.Kinds[0].Cost * worthOfLast) - ((BigInteger)last.Cost * Worth[at]));
            var room = (maxCost * denominator) - numerator - dearer;
            return room < 0 ? (Int128)Worth[at] + 1 : (Int128)BigInteger.Max(0, Worth[at] - (room / last.Cost));
        })];
    }

    private IEnumerable<(int Class, StockKind Kind)> ByCostOfWorth(StockProblem problem) => problem.Classes.Index()
        .Where(bins => Worth[bins.Index] > 0)
        .SelectMany(bins => bins.Item.Kinds, (bins, kind) => (bins.Index, Kind: kind))
        .Order(Comparer<(int Class, StockKind Kind)>.Create(
            (a, b) => ((Int128)a.Kind.Cost * Worth[b.Class]).CompareTo((Int128)b.Kind.Cost * Worth[a.Class])));
}
