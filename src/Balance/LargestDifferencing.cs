namespace PackingKit;

/// <summary>
/// The largest differencing method (Karmarkar-Karp): every item begins as a partition of itself alone; the two partitions whose loads
/// differ most are joined, heavy bins of one with light bins of the other, until one partition is left.
/// </summary>
/// <remarks>
/// <para>Guarantee: none is claimed here; the largest load is nearly always below that of <see cref="LongestProcessingTime"/>.</para>
/// <para>Complexity: O(n log n + n·k log k) for k bins. Ties: equally uneven partitions in the order in which they arose, items first in
/// input order. Deterministic and thread-safe.</para>
/// <para>Reference: N. Karmarkar, R. M. Karp, The differencing method of set partitioning, UCB/CSD 82/113, 1982.</para>
/// </remarks>
/// <example><code>var result = new LargestDifferencing().Balance([8, 7, 6, 5, 4], bins: 2);</code></example>
public sealed class LargestDifferencing : IBalancingStrategy
{
    /// <inheritdoc/>
    public string Id => "ldm";

    /// <inheritdoc/>
    public BalancingResult Balance(ReadOnlySpan<long> costs, int bins)
    {
        BalancingBound.Check(costs, bins);
        // Items that share a bin are a tree: leaves are items, an inner node joins two groups.
        List<(int Left, int Right)> joins = [];
        var ways = new PriorityQueue<Group[], (long Evenness, int Age)>(costs.Length);
        var age = 0;
        for (var item = 0; item < costs.Length; item++)
            Offer([new Group(costs[item], item)]);
        while (ways.Count > 1)
            Offer(Join(ways.Dequeue(), ways.Dequeue(), bins, costs.Length, joins));

        var binOfItem = new int[costs.Length];
        if (ways.Count == 1)
            Assign(ways.Dequeue(), costs.Length, joins, binOfItem);
        return BalancingResult.Of(costs, bins, binOfItem, Id);

        void Offer(Group[] way) => ways.Enqueue(way, ((way.Length == bins ? way[^1].Load : 0) - way[0].Load, age++));
    }

    /// <summary>Joins two partitions: the heaviest group of one with the lightest (or an empty bin) of the other, and so on.</summary>
    private static Group[] Join(Group[] a, Group[] b, int bins, int items, List<(int, int)> joins)
    {
        // Bin i of the first goes with bin (bins - 1 - i) of the second; those beyond the groups of a partition are empty.
        var overlap = Math.Max(0, a.Length + b.Length - bins);
        List<Group> joined = [.. a[..^overlap], .. b[..^overlap]];
        foreach (var (first, second) in a[^overlap..].Zip(b[^overlap..].Reverse()))
        {
            joined.Add(new Group(first.Load + second.Load, items + joins.Count));
            joins.Add((first.Node, second.Node));
        }
        joined.Sort((x, y) => x.Load != y.Load ? y.Load.CompareTo(x.Load) : x.Node.CompareTo(y.Node));
        return [.. joined];
    }

    private static void Assign(Group[] way, int items, List<(int Left, int Right)> joins, int[] binOfItem)
    {
        Stack<int> nodes = [];
        for (var bin = 0; bin < way.Length; bin++)
        {
            nodes.Push(way[bin].Node);
            while (nodes.TryPop(out var node))
            {
                if (node < items)
                {
                    binOfItem[node] = bin;
                    continue;
                }
                nodes.Push(joins[node - items].Left);
                nodes.Push(joins[node - items].Right);
            }
        }
    }

    /// <summary>Items that share a bin: their load and their tree.</summary>
    private readonly record struct Group(long Load, int Node);
}
