namespace PackingKit;

/// <summary>What one bin holds: types in increasing index (decreasing weight) with their copies.</summary>
internal sealed class Pattern(int[] types, long[] copies) : IEquatable<Pattern>
{
    public int[] Types { get; } = types;

    public long[] Copies { get; } = copies;

    public long CopiesOf(int type) => Array.BinarySearch(Types, type) is var at and >= 0 ? Copies[at] : 0;

    public long Load(long[] weights)
    {
        long load = 0;
        for (var i = 0; i < Types.Length; i++)
            load += weights[Types[i]] * Copies[i];
        return load;
    }

    /// <summary>What the items together are worth.</summary>
    public double Worth(double[] prices)
    {
        double worth = 0;
        for (var i = 0; i < Types.Length; i++)
            worth += Copies[i] * prices[Types[i]];
        return worth;
    }

    /// <summary>What the items together are worth under integer prices.</summary>
    public Int128 Worth(long[] prices)
    {
        Int128 worth = 0;
        for (var i = 0; i < Types.Length; i++)
            worth += (Int128)Copies[i] * prices[Types[i]];
        return worth;
    }

    /// <summary>Whether every copy is wanted.</summary>
    public bool IsWithin(ReadOnlySpan<long> demands)
    {
        for (var i = 0; i < Types.Length; i++)
            if (Copies[i] > demands[Types[i]])
                return false;
        return true;
    }

    public bool Equals(Pattern? other) =>
        other is not null && Types.AsSpan().SequenceEqual(other.Types) && Copies.AsSpan().SequenceEqual(other.Copies);

    public override bool Equals(object? obj) => Equals(obj as Pattern);

    public override int GetHashCode()
    {
        var hash = 17;
        for (var i = 0; i < Types.Length; i++)
            hash = (hash * 31) + (Types[i] * 7) + (int)Copies[i];
        return hash;
    }
}
