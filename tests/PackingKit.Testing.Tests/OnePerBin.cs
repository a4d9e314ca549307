namespace PackingKit.Testing.Tests;

/// <summary>A packer of somebody else's: it may give every item a bin of its own, and with a fault it breaks its promises.</summary>
internal sealed class OnePerBin(string fault = "") : IPackingStrategy
{
    private int _runs;

    public string Id => "one-per-bin";

    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (fault != "takes null")
            ArgumentNullException.ThrowIfNull(problem);
        if (fault != "hears no token")
            cancellationToken.ThrowIfCancellationRequested();
        var bins = Enumerable.Range(0, problem.ItemCount).ToArray();
        if (fault == "loses its order" && _runs++ % 2 == 1)
            Array.Reverse(bins);
        if (fault == "overfills")
            bins.AsSpan().Clear();
        try
        {
            progress?.Report(new PackingProgress("done", bins.Length, 0, TimeSpan.Zero));
        }
        catch (Exception) when (fault == "swallows")
        {
        }
        return new PackingResult
        {
            Problem = problem,
            Packing = Packing.FromAssignment(bins, bins.Length == 0 ? 0 : bins.Max() + 1),
            Bound = fault == "boasts" ? new LowerBound(bins.Length, "boast") : LowerBounds.Best(problem.Histogram, problem.Limits),
            Strategy = fault == "has two names" ? "other" : Id,
        };
    }
}
