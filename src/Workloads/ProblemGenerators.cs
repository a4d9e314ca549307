using MathNet.Numerics.Random;

namespace PackingKit;

/// <summary>Generators of problems like those of the bin packing literature. A seed repeats its problem.</summary>
public static class ProblemGenerators
{
    /// <summary>Like class U of Falkenauer (J. Heuristics 2, 1996): sizes uniform from 20 to 100 in bins of 150.</summary>
    /// <param name="items">Number of items, not negative; Falkenauer's are 120, 250, 500 and 1000.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static PackingProblem FalkenauerUniform(int items, int seed) =>
        PackingProblem.Create(RandomSizes.Uniform(items, 20, 100, seed), 150);

    /// <summary>
    /// Like class T of Falkenauer (J. Heuristics 2, 1996): triplets that fill bins of 1000, one item of 380 to 490, one of at least 250,
    /// and the rest. First-fit and best-fit decreasing are far from optimal here.
    /// </summary>
    /// <param name="bins">Number of triplets, not negative; Falkenauer's are 20, 40, 83 and 167.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static PlantedProblem FalkenauerTriplets(int bins, int seed) => Plant(bins, 3, 1000, seed, random =>
    {
        var first = random.Next(380, 491);
        var second = random.Next(250, (1000 - first) / 2);
        return [first, second, 1000 - first - second];
    });

    /// <summary>Triplets without waste, every item between a quarter and half of the bin.</summary>
    /// <param name="bins">Number of triplets, not negative.</param>
    /// <param name="capacity">What one bin holds, at least 6; the larger, the harder the problem.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static PlantedProblem QuarterToHalfTriplets(int bins, int capacity, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 6);
        var (quarter, half) = (((capacity - 1) / 4) + 1, capacity / 2);
        return Plant(bins, 3, capacity, seed, random =>
        {
            // Each leaves the rest at least a quarter per item, and the second leaves the third at most a half.
            var first = random.Next(quarter, Math.Min(half, capacity - (2 * quarter)) + 1);
            var second = random.Next(Math.Max(quarter, capacity - first - half), Math.Min(half, capacity - first - quarter) + 1);
            return [first, second, capacity - first - second];
        });
    }

    /// <summary>Full bins cut at random places into a random number of items: no waste, small items among large ones.</summary>
    /// <param name="bins">Number of bins, not negative.</param>
    /// <param name="capacity">What one bin holds, at least <paramref name="maxItems"/>.</param>
    /// <param name="minItems">Fewest items of a bin, at least 1.</param>
    /// <param name="maxItems">Most items of a bin, at least <paramref name="minItems"/>.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static PlantedProblem FullBins(int bins, int capacity, int minItems, int maxItems, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minItems, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, minItems);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, maxItems);
        return Plant(bins, minItems, capacity, seed, random =>
        {
            var pieces = random.Next(minItems, Math.Min(maxItems, int.MaxValue - 1) + 1);
            SortedSet<int> cuts = [capacity];
            while (cuts.Count < pieces)
                cuts.Add(random.Next(1, capacity));
            return [.. cuts.Prepend(0).Zip(cuts, (from, to) => to - from)];
        });
    }

    /// <summary>Like set 1 of Scholl, Klein and Jürgens (Computers and Operations Research 24, 1997): uniform sizes up to 100.</summary>
    /// <param name="items">Number of items, not negative; theirs are 50, 100, 200 and 500.</param>
    /// <param name="capacity">What one bin holds, at least 100; theirs are 100, 120 and 150.</param>
    /// <param name="minSize">The smallest size, from 0 to 100; theirs are 1, 20 and 30.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static PackingProblem Scholl1(int items, int capacity, int minSize, int seed) =>
        PackingProblem.Create(RandomSizes.Uniform(items, minSize, 100, seed), capacity);

    /// <summary>
    /// Like set 2 of Scholl, Klein and Jürgens: bins of 1000, sizes uniform around a mean, so that a
    /// bin holds about a given number of items.
    /// </summary>
    /// <param name="items">Number of items, not negative; theirs are 50, 100, 200 and 500.</param>
    /// <param name="itemsPerBin">Capacity over mean size, from 2 to 1000; theirs are 3, 5, 7 and 9.</param>
    /// <param name="deviation">Largest deviation from the mean in per cent of it, from 0 to 100; theirs are 20, 50 and 90.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static PackingProblem Scholl2(int items, int itemsPerBin, int deviation, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(itemsPerBin, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(itemsPerBin, 1000);
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deviation, 100);
        var mean = 1000 / itemsPerBin;
        return PackingProblem.Create(
            RandomSizes.Uniform(items, mean * (100 - deviation) / 100, mean * (100 + deviation) / 100, seed), 1000);
    }

    /// <summary>Like set 3 of Scholl, Klein and Jürgens: sizes uniform from 20,000 to 35,000 in bins of 100,000.</summary>
    /// <param name="items">Number of items, not negative; theirs is 200.</param>
    /// <param name="seed">Seed of the generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static PackingProblem Scholl3(int items, int seed) =>
        PackingProblem.Create(RandomSizes.Uniform(items, 20_000, 35_000, seed), 100_000);

    private static PlantedProblem Plant(int bins, int minItems, int capacity, int seed, Func<Random, int[]> cut)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bins);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, Array.MaxLength / minItems);
        var random = new MersenneTwister(seed);
        int[] sizes = [.. Enumerable.Range(0, bins).SelectMany(_ => cut(random))];
        random.Shuffle(sizes);
        return new PlantedProblem(PackingProblem.Create(sizes, capacity), bins);
    }
}
