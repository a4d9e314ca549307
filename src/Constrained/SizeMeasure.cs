namespace PackingKit;

/// <summary>
/// One number for amounts of several resources: the sum of their shares of the capacities, each weighted by how many bins all items
/// would fill of that resource (FFDAvgSum of Panigrahy, Talwar, Uyeda, Wieder 2011), so that what is scarce weighs most.
/// </summary>
/// <remarks>
/// Rounding is monotone: amounts that are nowhere smaller measure no less.
/// </remarks>
internal sealed class SizeMeasure
{
    public SizeMeasure(ReadOnlySpan<long> totals, ReadOnlySpan<long> capacities)
    {
        Weights = new double[capacities.Length];
        for (var resource = 0; resource < Weights.Length; resource++)
            Weights[resource] = (double)totals[resource] / capacities[resource] / capacities[resource];
    }

    /// <summary>What one unit of each resource counts.</summary>
    public double[] Weights { get; }

    public double Of(ReadOnlySpan<long> amounts)
    {
        double measure = 0;
        for (var resource = 0; resource < Weights.Length; resource++)
            measure += Weights[resource] * amounts[resource];
        return measure;
    }
}
