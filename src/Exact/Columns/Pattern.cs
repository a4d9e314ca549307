namespace PackingKit;

/// <summary>What one bin holds: types in increasing index (decreasing weight) with their copies.</summary>
internal sealed class Pattern(int[] types, long[] copies) : IEquatable<Pattern>
{
    public int[] Types { get; } = types;

    public long[] Copies { get; } = copies;

    public long CopiesOf(int type) => Array.BinarySearch(Types, type) is var at and >= 0 ? Copies[at] : 0;

    public long Load(long[] weights) => Sum<long, long>(weights);

    public double Worth(double[] prices) => Sum<double, double>(prices);

    public Int128 Worth(long[] prices) => Sum<long, Int128>(prices);

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

    private TSum Sum<T, TSum>(T[] each)
        where T : INumber<T>
        where TSum : INumber<TSum>
    {
        var sum = TSum.Zero;
        for (var i = 0; i < Types.Length; i++)
            sum += TSum.CreateTruncating(Copies[i]) * TSum.CreateTruncating(each[Types[i]]);
        return sum;
    }

    public override bool Equals(object? obj) => Equals(obj as Pattern);

    public override int GetHashCode()
    {
        var hash = 17;
        for (var i = 0; i < Types.Length; i++)
            hash = (hash * 31) + (Types[i] * 7) + (int)Copies[i];
        return hash;
    }
}
