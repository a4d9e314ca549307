namespace PackingKit;

/// <summary>What the heuristics share around their loops: bounds first, then the packing, then least loads.</summary>
internal static class ConstrainedRun
{
    public static ConstrainedResult Pack(
        IConstrainedStrategy strategy, ConstrainedProblem problem, Func<PackingUnits, CancellationToken, RuledBins> pack,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var bound = ConstrainedBounds.Best(problem);
        if (bound.Bins > problem.MaxBins)
            return ConstrainedResult.WithoutPacking(problem, strategy.Id, bound, isInfeasible: true);
        return Bins(problem, pack, cancellationToken) is { } binOfUnit
            ? Result(problem, strategy.Id, binOfUnit, bound, StopReason.Completed)
            : ConstrainedResult.WithoutPacking(problem, strategy.Id, bound, isInfeasible: false);
    }

    /// <summary>The bin of each unit; <see langword="null"/> where no way was found to give each bin its least load.</summary>
    public static int[]? Bins(
        ConstrainedProblem problem, Func<PackingUnits, CancellationToken, RuledBins> pack, CancellationToken cancellationToken)
    {
        var bins = pack(problem.Units, cancellationToken);
        return problem.Rules.HasMinLoads ? MinLoadRepair.Run(bins, problem.Units, cancellationToken) : bins.BinOf;
    }

    public static ConstrainedResult Result(
        ConstrainedProblem problem, string id, int[] binOfUnit, LowerBound bound, StopReason reason)
    {
        var binOfItem = Array.ConvertAll(
            problem.Units.UnitOfItem, unit => unit == PackingUnits.None ? ConstrainedResult.NoBin : binOfUnit[unit]);
        return new(problem, id, binOfItem, bound) { StopReason = Count(binOfUnit) == bound.Bins ? StopReason.BoundReached : reason };
    }

    /// <summary>Number of bins; <see langword="null"/> where there is no packing.</summary>
    public static int? Count(int[]? binOfUnit) => binOfUnit is null ? null : binOfUnit.Length == 0 ? 0 : binOfUnit.Max() + 1;
}
