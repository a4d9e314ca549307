using System.Numerics;

namespace PackingKit.Testing;

/// <summary>
/// Bin packing instances by published constructions, which resist exact searches: nothing may be wasted, and either a packing is hard to
/// find or its absence hard to prove.
/// </summary>
/// <remarks>
/// The cores are those of A. Caprara, M. Dell'Amico, J. C. Díaz-Díaz, M. Iori, R. Rizzi, Mathematical Programming 150, 2015. What they
/// are augmented by follows the classes AI and ANI of M. Delorme, M. Iori, S. Martello, European Journal of Operational Research 255,
/// 2016, as far as their files show how they were made.
/// </remarks>
public static class HardInstances
{
    /// <summary>The Petersen graph: an outer and an inner cycle of five vertices, and spokes.</summary>
    private static readonly (int A, int B)[] Petersen =
    [
        (0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (5, 7), (7, 9), (9, 6), (6, 8), (8, 5), (0, 5), (1, 6), (2, 7), (3, 8), (4, 9),
    ];

    /// <summary>
    /// Fifteen sizes that add up to three bins, where four are needed, though half a bin of each of six patterns would do. The sizes are
    /// the edges of the Petersen graph, each the sum of two vertices; the vertices add up to the capacity, hence so does every perfect
    /// matching. There are six, each edge is in two of them, and no three are disjoint.
    /// </summary>
    public static (long[] Sizes, long Capacity) Core(Random random)
    {
        while (true)
        {
            var capacity = random.Next(480, 621);
            // The vertices are the gaps between ten random cuts of the capacity's circle.
            var cuts = Enumerable.Range(0, 10).Select(_ => random.Next(capacity)).Order().ToArray();
            var vertices = cuts.Select((cut, i) => i == 0 ? cuts[0] + capacity - cuts[^1] : cut - cuts[i - 1]).ToArray();
            random.Shuffle(vertices);
            var sizes = Array.ConvertAll(Petersen, edge => (long)vertices[edge.A] + vertices[edge.B]);
            if (sizes.All(size => size > 0) && !FillsBins(sizes, capacity))
                return (sizes, capacity);
        }
    }

    /// <summary>
    /// ANI: a <see cref="Core"/> among triplets that fill a bin each, so that one bin more than the sizes add up to is needed. Each triplet
    /// is such that no sizes before it, nor with its small one, fill what its large one leaves. So wherever nothing is wasted its two odd
    /// sizes share a bin, what else is there may change places with its small one, and the triplet may be left out, the last one first.
    /// Sizes are doubled stage by stage: at first there are no odd ones.
    /// </summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="triplets">How many triplets to add.</param>
    /// <param name="stages">In how many stages; each doubles the capacity.</param>
    public static (long[] Sizes, long Capacity) AugmentedNonIrup(Random random, int triplets, int stages)
    {
        while (true)
            if (Augment(random, Core(random), triplets, stages) is { } augmented)
                return augmented;
    }

    /// <summary>AI: as ANI, but then one size of the core is cut in two, so that the core fills its bins: no bin more is needed.</summary>
    /// <inheritdoc cref="AugmentedNonIrup"/>
    public static (long[] Sizes, long Capacity) AugmentedIrup(Random random, int triplets, int stages)
    {
        while (true)
        {
            var core = Core(random);
            var (sizes, unit) = (core.Sizes, 1L << stages);
            var whole = sizes[random.Next(sizes.Length)];
            var part = random.NextInt64(1, (whole / 2) + 1);
            if (part == whole || !FillsBins(Cut([.. sizes], 1), core.Capacity)
                || Augment(random, core, triplets, stages) is not { } augmented)
                continue;
            return ([.. Cut([.. augmented.Sizes], unit).OrderDescending()], augmented.Capacity);

            long[] Cut(List<long> from, long scale)
            {
                from.Remove(scale * whole);
                return [.. from, scale * part, scale * (whole - part)];
            }
        }
    }

    /// <summary>Triplets of sizes in c/4 to c/2 that fill bins: n = 3 times <paramref name="bins"/> sizes without waste.</summary>
    public static (long[] Sizes, long Capacity) PlantedTriplets(Random random, int bins, long capacity)
    {
        var (min, max) = (capacity / 4, capacity / 2);
        List<long> sizes = [];
        while (sizes.Count < 3 * bins)
        {
            var (first, second) = (random.NextInt64(min, max + 1), random.NextInt64(min, max + 1));
            if (capacity - first - second is var third && third >= min && third <= max)
                sizes.AddRange([first, second, third]);
        }
        return ([.. sizes], capacity);
    }

    /// <summary>GI: so many sizes, uniform from a least one to two thirds of the capacity, each 1 to 20 times.</summary>
    public static (long[] Sizes, long Capacity) ManyOfEach(Random random, int types, long min, long capacity)
    {
        List<long> sizes = [];
        for (var type = 0; type < types; type++)
            sizes.AddRange(Enumerable.Repeat(random.NextInt64(min, (2 * capacity / 3) + 1), random.Next(1, 21)));
        return ([.. sizes], capacity);
    }

    /// <summary>Whether sizes fill bins exactly, each up to the capacity. By trying all ways to fill one bin after the other.</summary>
    public static bool FillsBins(long[] sizes, long capacity)
    {
        var (order, used) = (sizes.OrderDescending().ToArray(), new bool[sizes.Length]);
        return sizes.Sum() % capacity == 0 && NextBin();

        bool NextBin() => Array.IndexOf(used, false) is var first && (first < 0 || Take(first, capacity));

        bool Take(int item, long residual)
        {
            used[item] = true;
            if (residual == order[item] ? NextBin() : GoOn(item, residual - order[item]))
                return true;
            used[item] = false;
            return false;
        }

        bool GoOn(int item, long residual)
        {
            for (var next = item + 1; next < order.Length; next++)
                if (!used[next] && order[next] <= residual && Take(next, residual))
                    return true;
            return false;
        }
    }

    /// <summary>Adds triplets stage by stage; <see langword="null"/> where a stage has no room for as many.</summary>
    private static (long[] Sizes, long Capacity)? Augment(
        Random random, (long[] Sizes, long Capacity) core, int triplets, int stages)
    {
        var (sizes, capacity) = (core.Sizes, core.Capacity);
        for (var stage = 0; stage < stages; stage++)
        {
            capacity *= 2;
            sizes = Array.ConvertAll(sizes, size => 2 * size);
            var (found, count) = (Triplets(random, sizes, capacity), (triplets * (stage + 1) / stages) - (triplets * stage / stages));
            if (found.Length < count)
                return null;
            random.Shuffle(found); // each may be left out: what does not fill a bin among more sizes does not among fewer
            sizes = [.. sizes, .. found[..count].SelectMany(triplet => triplet)];
        }
        return ([.. sizes.OrderDescending()], capacity);
    }

    /// <summary>Triplets that may be added to even sizes. Each large one leaves a tenth to half of a bin, most of it first.</summary>
    private static long[][] Triplets(Random random, IEnumerable<long> evens, long capacity)
    {
        // Bit s says whether some of the sizes add up to s.
        var (sums, upToHalf) = (BigInteger.One, (BigInteger.One << (int)((capacity / 2) + 1)) - 1);
        foreach (var size in evens)
            Extend(size);
        List<long[]> triplets = [];
        for (var rest = (capacity / 2) - 1 | 1; rest > capacity / 10; rest -= 2)
        {
            var small = 2 * ((rest / 12) - random.Next(3));
            if (random.Next(2) == 0 || IsSum(rest) || IsSum(rest - small))
                continue;
            triplets.Add([capacity - rest, rest - small, small]);
            Extend(rest - small);
            Extend(small);
        }
        return [.. triplets];

        bool IsSum(long size) => !(sums >> (int)size).IsEven;

        void Extend(long size) => sums |= (sums << (int)size) & upToHalf;
    }
}
