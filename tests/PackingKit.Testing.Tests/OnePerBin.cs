namespace PackingKit.Testing.Tests;

/// <summary>A packer of somebody else's: it may give every item a bin of its own, and with a fault it breaks its promises.</summary>
internal sealed class OnePerBin(string fault = "") : IPackingStrategy
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private int _runs;

    public string Id => "one-per-bin";

    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (fault != "takes null")
            ArgumentNullException.ThrowIfNull(problem);
        if (fault == "crashes")
            throw new InvalidOperationException("Crashed.");
        if (fault != "hears no token")
            cancellationToken.ThrowIfCancellationRequested();
        var bins = Enumerable.Range(0, problem.ItemCount).ToArray();
        try
        {
            progress?.Report(new PackingProgress("done", bins.Length, 0, TimeSpan.Zero));
        }
        catch (Exception) when (fault == "swallows")
        {
        }
        while (fault == "works on" && cancellationToken.IsCancellationRequested)
            Thread.Sleep(100);

        if (fault == "alternates beyond nine items" && bins.Length > 9 && _runs++ % 2 == 1)
            Array.Reverse(bins);
        if (fault == "knows its thread" && Environment.CurrentManagedThreadId != _thread)
            Array.Reverse(bins);
        if ((fault == "overfills beyond nine items" && bins.Length > 9)
            || (fault == "breaks off" && cancellationToken.IsCancellationRequested))
            bins.AsSpan().Clear();
        if (fault == "ignores the item limit" && problem.Limits.HasItemLimit && bins.Length > 1
            && problem[0] <= problem.Capacity - problem[1])
            bins = [0, .. bins[..^1]];

        var packing = Packing.FromAssignment(bins, bins.Length == 0 ? 0 : bins.Max() + 1);
        return new PackingResult
        {
            Problem = fault == "swaps the problem" ? PackingProblem.Create([7], 7) : problem,
            Packing = packing,
            Bound = fault switch
            {
                "overfills beyond nine items" => new LowerBound(Math.Min(bins.Length, 1), "one"),
                "boasts" => new LowerBound(Math.Max(bins.Length - 1, 0), "boast"),
                "is always optimal" => new LowerBound(packing.BinCount, "boast"),
                "bounds above its bins" => new LowerBound(packing.BinCount + 1, "boast"),
                _ => LowerBounds.Best(problem.Histogram, problem.Capacity),
            },
            StopReason = fault == "says that it met the bound" ? StopReason.BoundReached : StopReason.Completed,
            Strategy = fault == "has two names" ? "other" : Id,
        };
    }
}
