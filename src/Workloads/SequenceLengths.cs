namespace PackingKit;

/// <summary>
/// Lengths of token sequences from fixed recipes: the same numbers for a seed on every run, so that figures measured on them can be
/// compared. Uniform numbers come from SplitMix64 (Steele, Lea and Flood 2014), normal ones from the cosine half of Box and Muller.
/// </summary>
public static class SequenceLengths
{
    /// <summary>
    /// Log-normal lengths, the shape of most text collections: floor(exp(ln(mean) - sigma²/2 + sigma z)), clipped to 1 ..
    /// <paramref name="maxLength"/>.
    /// </summary>
    /// <param name="count">How many, not negative.</param>
    /// <param name="seed">Start of the sequence of random numbers.</param>
    /// <param name="mean">Mean before clipping, above 0.</param>
    /// <param name="sigma">Standard deviation of the logarithm, not negative.</param>
    /// <param name="maxLength">The largest length, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static int[] LogNormal(int count, ulong seed, double mean, double sigma, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mean);
        ArgumentOutOfRangeException.ThrowIfNegative(sigma);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        var middle = Math.Log(mean) - (sigma * sigma / 2);
        return [.. Enumerable.Range(0, count).Select(i => Clip(Math.Exp(middle + (sigma * Normal(seed, i))), 1, maxLength))];
    }

    /// <summary>
    /// Normal lengths: floor(mean + deviation z), clipped to <paramref name="minLength"/> .. <paramref name="maxLength"/>.
    /// </summary>
    /// <param name="count">How many, not negative.</param>
    /// <param name="seed">Start of the sequence of random numbers.</param>
    /// <param name="mean">Mean before clipping.</param>
    /// <param name="deviation">Standard deviation before clipping, not negative.</param>
    /// <param name="minLength">The smallest length, not negative.</param>
    /// <param name="maxLength">The largest length, at least <paramref name="minLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static int[] Normal(int count, ulong seed, double mean, double deviation, int minLength, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        ArgumentOutOfRangeException.ThrowIfNegative(minLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, minLength);
        return [.. Enumerable.Range(0, count).Select(i => Clip(mean + (deviation * Normal(seed, i)), minLength, maxLength))];
    }

    /// <summary>Lengths from 1 to <paramref name="maxLength"/>, each as likely as any other.</summary>
    /// <param name="count">How many, not negative.</param>
    /// <param name="seed">Start of the sequence of random numbers.</param>
    /// <param name="maxLength">The largest length, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static int[] Uniform(int count, ulong seed, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        return [.. Enumerable.Range(0, count).Select(i => 1 + (int)((Random(seed, i + 1L) >> 32) * (ulong)maxLength >> 32))];
    }

    /// <summary>
    /// Documents cut into pieces of at most one pack: full pieces first, then what is left. Pieces of one document are next to each other.
    /// </summary>
    /// <param name="lengths">Length of each document, not negative; one of length 0 gives no piece.</param>
    /// <param name="maxLength">The largest piece, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length is negative, the longest piece below 1, or there are more pieces than an array holds.
    /// </exception>
    public static int[] Cut(ReadOnlySpan<int> lengths, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        long count = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < 0)
                throw new ArgumentOutOfRangeException(
                    nameof(lengths), lengths[i], $"Document {i} has length {lengths[i]}, which is negative.");
            count += Integers.CeilingDivide(lengths[i], maxLength);
            if (count > Array.MaxLength)
                throw new ArgumentOutOfRangeException(
                    nameof(lengths), lengths[i], $"With document {i} there are {count} pieces, more than an array holds.");
        }
        var pieces = new int[count];
        var at = 0;
        foreach (var length in lengths)
            for (var left = length; left > 0; left -= maxLength)
                pieces[at++] = Math.Min(left, maxLength);
        return pieces;
    }

    /// <summary>The items of a histogram in a random order.</summary>
    /// <param name="histogram">At most as many items as an array can hold, of sizes within 32 bits.</param>
    /// <param name="seed">Start of the sequence of random numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The histogram has more items, or a larger size.</exception>
    public static int[] Shuffled(SizeHistogram histogram, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(histogram.ItemCount, Array.MaxLength, nameof(histogram));
        if (histogram.DistinctCount > 0)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(histogram.Sizes[0], int.MaxValue, nameof(histogram));
        var lengths = new int[(int)histogram.ItemCount];
        var at = 0;
        foreach (var (size, count) in histogram.Pairs())
        {
            lengths.AsSpan(at, (int)count).Fill((int)size);
            at += (int)count;
        }
        for (var i = lengths.Length - 1; i > 0; i--)
        {
            var other = (int)((Random(seed, i) >> 32) * (ulong)(i + 1) >> 32);
            (lengths[i], lengths[other]) = (lengths[other], lengths[i]);
        }
        return lengths;
    }

    private static int Clip(double value, int min, int max) => (int)Math.Clamp(Math.Floor(value), min, max);

    /// <summary>The normal number of item i, from the outputs 2 i + 1 and 2 i + 2.</summary>
    private static double Normal(ulong seed, int i) =>
        Math.Sqrt(-2 * Math.Log(Unit(Random(seed, (2L * i) + 1)))) * Math.Cos(2 * Math.PI * Unit(Random(seed, (2L * i) + 2)));

    /// <summary>Inside (0, 1), never at its ends.</summary>
    private static double Unit(ulong random) => ((random >> 11) + 0.5) * Math.ScaleB(1, -53);

    /// <summary>An output of SplitMix64, counted from 1.</summary>
    private static ulong Random(ulong seed, long index)
    {
        var z = seed + ((ulong)index * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
