namespace PackingKit.Attention;

/// <summary>What becomes of pooled vectors on the host, in float64.</summary>
internal static class Vectors
{
    private const double LeastLength = 1e-12; // as torch's normalize: a vector of zeros stays one

    /// <summary>Scales a vector to length 1.</summary>
    public static void Normalize(Span<float> vector)
    {
        double squares = 0;
        foreach (var value in vector)
            squares += (double)value * value;
        var length = Math.Max(Math.Sqrt(squares), LeastLength);
        foreach (ref var value in vector)
            value = (float)(value / length);
    }

    /// <summary>The mean of vectors of one width, each as often as its weight says; weights are above 0.</summary>
    public static float[] Mean(IReadOnlyCollection<(ReadOnlyMemory<float> Vector, int Weight)> vectors)
    {
        double[] sum = [];
        long weights = 0;
        foreach (var (vector, weight) in vectors)
        {
            if (sum.Length == 0)
                sum = new double[vector.Length];
            for (var i = 0; i < sum.Length; i++)
                sum[i] += (double)weight * vector.Span[i];
            weights += weight;
        }
        return Array.ConvertAll(sum, value => (float)(value / weights));
    }
}
