namespace PackingKit;

/// <summary>Permutations that a seed and an epoch decide, the same on every machine.</summary>
internal static class EpochRandom
{
    /// <summary>What is permuted, so that one seed serves several purposes without echoes between them.</summary>
    public const int Pieces = 1, Packs = 2;

    public static int[] Permutation(int count, long seed, int epoch, int purpose)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        // The generator of a seed is the same in every version of .NET, so that an index can be made again.
        new Random((int)Mix(Mix(Mix((ulong)seed) + (ulong)epoch) + (ulong)purpose)).Shuffle(order);
        return order;
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
