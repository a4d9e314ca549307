namespace PackingKit.Testing;

/// <summary>The shapes of input that packing code goes wrong on. Each takes a source of random numbers and a number of items.</summary>
public static class CaseShapes
{
    public static readonly IReadOnlyList<Func<Random, int, PackingCase>> All =
    [
        UniformSmall, NearFractions, ManyDuplicates, OneHuge, Bimodal, LogNormal, AllEqual, WithZeros, Empty, SparseInts, NearOverflow,
        (random, items) => Triplets(random, items).Case,
        (random, items) => FullBins(random, items).Case,
    ];

    public static PackingCase UniformSmall(Random random, int items)
    {
        var capacity = random.Next(1, 40);
        return Fill(random, items, capacity, () => random.Next(0, capacity + 1));
    }

    public static PackingCase NearFractions(Random random, int items)
    {
        var capacity = random.Next(8, 200);
        return Fill(random, items, capacity, () => (capacity / random.Next(2, 5)) + random.Next(-1, 2));
    }

    public static PackingCase ManyDuplicates(Random random, int items)
    {
        var capacity = random.Next(10, 1000);
        var values = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, capacity + 1)).ToArray();
        return Fill(random, items, capacity, () => values[random.Next(values.Length)]);
    }

    public static PackingCase OneHuge(Random random, int items)
    {
        var capacity = random.Next(20, 1000);
        var result = Fill(random, items, capacity, () => random.Next(1, (capacity / 10) + 1));
        if (items > 0)
            result.Sizes[random.Next(items)] = capacity;
        return result;
    }

    public static PackingCase Bimodal(Random random, int items)
    {
        var capacity = random.Next(100, 1000);
        return Fill(random, items, capacity, () =>
            random.Next(2) == 0 ? random.Next(capacity / 20, capacity / 5) : random.Next(capacity / 2, 4 * capacity / 5));
    }

    public static PackingCase LogNormal(Random random, int items)
    {
        const int capacity = 2048;
        return Fill(random, items, capacity, () =>
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return (long)Math.Clamp(Math.Exp(5 + normal), 1, capacity);
        });
    }

    public static PackingCase AllEqual(Random random, int items)
    {
        var capacity = random.Next(1, 100);
        var size = random.Next(0, capacity + 1);
        return Fill(random, items, capacity, () => size);
    }

    public static PackingCase WithZeros(Random random, int items)
    {
        var capacity = random.Next(1, 20);
        return Fill(random, items, capacity, () => random.Next(3) > 0 ? 0 : random.Next(0, capacity + 1));
    }

    public static PackingCase Empty(Random random, int items) => Fill(random, 0, random.Next(1, 100), () => 0);

    public static PackingCase SparseInts(Random random, int items)
    {
        var capacity = random.Next(1_000_000, int.MaxValue);
        return Fill(random, items, capacity, () => random.Next(0, capacity));
    }

    public static PackingCase NearOverflow(Random random, int items)
    {
        // The total stays just below 2^63, whatever the capacity.
        var most = long.MaxValue / Math.Max(items, 1);
        var capacity = Math.Max(most, long.MaxValue / random.Next(1, items + 2));
        return Fill(random, items, capacity, () => most - random.Next(0, 1000));
    }

    /// <summary>Three items a bin, each between a quarter and a half of it, no waste: the optimum is a third of the items.</summary>
    public static PlantedCase Triplets(Random random, int items)
    {
        const int capacity = 1000;
        var bins = (items + 2) / 3;
        List<long> sizes = [];
        for (var bin = 0; bin < bins; bin++)
        {
            var first = random.Next(380, 491);
            var second = random.Next(250, ((capacity - first) / 2) + 1);
            sizes.AddRange([first, second, capacity - first - second]);
        }
        return Shuffled(random, sizes, capacity, bins);
    }

    /// <summary>Bins cut at random into one to five items, no waste.</summary>
    public static PlantedCase FullBins(Random random, int items)
    {
        var capacity = random.Next(10, 500);
        List<long> sizes = [];
        var bins = 0;
        for (; sizes.Count < items; bins++)
        {
            long left = capacity;
            for (var cuts = random.Next(0, 5); cuts > 0 && left > 1; cuts--)
            {
                var size = random.NextInt64(1, left);
                sizes.Add(size);
                left -= size;
            }
            sizes.Add(left);
        }
        return Shuffled(random, sizes, capacity, bins);
    }

    /// <summary>The same items with a limit of one to five items a bin.</summary>
    public static PackingCase Limited(Random random, PackingCase unlimited) =>
        unlimited with { Limits = new(unlimited.Capacity, random.Next(1, 6)) };

    private static PackingCase Fill(Random random, int items, long capacity, Func<long> size)
    {
        var sizes = new long[items];
        for (var i = 0; i < items; i++)
            sizes[i] = size();
        return new PackingCase(sizes, capacity);
    }

    private static PlantedCase Shuffled(Random random, List<long> sizes, long capacity, int bins)
    {
        var shuffled = sizes.ToArray();
        random.Shuffle(shuffled);
        return new PlantedCase(new PackingCase(shuffled, capacity), bins);
    }
}
