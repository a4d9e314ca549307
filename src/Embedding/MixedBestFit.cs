namespace PackingKit;

/// <summary>
/// Best-fit over the items in an order of which every stretch has the mix of the whole, in whatever order they come: under a limit of
/// items as well, a bin is full by both limits where its items are as large on average as all. O(n log n) and best-fit's own.
/// </summary>
internal sealed class MixedBestFit : IPackingStrategy
{
    /// <summary>Steps of this part of a circle spread evenly over it, however many there are.</summary>
    private const double GoldenSection = 0.618033988749895;

    public string Id => "bf-mixed";

    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var order = Order(problem);
        var sizes = Array.ConvertAll(order, item => problem[item]);
        var mixed = new BestFit().Pack(PackingProblem.Own(sizes, problem.Limits), progress, cancellationToken);
        var binOfItem = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            binOfItem[order[i]] = mixed.Packing.BinOf(i);
        return mixed with { Problem = problem, Packing = Packing.FromAssignment(binOfItem, mixed.BinCount), Strategy = Id };
    }

    /// <summary>The items by size, then by steps that meet each of them once.</summary>
    private static int[] Order(PackingProblem problem)
    {
        var bySize = Enumerable.Range(0, problem.ItemCount).OrderBy(item => problem[item]).ToArray();
        var step = (long)(GoldenSection * bySize.Length);
        while (BigInteger.GreatestCommonDivisor(step, bySize.Length) > 1)
            step++;
        var order = new int[bySize.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = bySize[step * i % order.Length];
        return order;
    }
}
