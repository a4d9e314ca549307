namespace PackingKit;

/// <summary>
/// Exact packing with several resources and rules: the best of the heuristics, then, where it does not meet the bound, column generation
/// on each resource alone for a higher bound, and CP-SAT: over all sets that a bin takes, where there are up to 20,000 that nothing can
/// join, else on the assignment model. One resource without other rules is packed by <see cref="ExactPacking"/>.
/// </summary>
/// <remarks>
/// <para>Guarantee: run to its end, the packing is optimal, or it is proved that there is none. Stopped by the time limit, it is the best
/// found, never worse than <see cref="ConstrainedFirstFit"/> and <see cref="ConstrainedBestFit"/>, with the best bound. Packings are
/// checked in integers before they are trusted; the bound is CP-SAT's.</para>
/// <para>Complexity: exponential in the worst case; for tens of items, a hundred with few to a bin. Assignment models of more than 100,000
/// variables (items or groups times bins), of more than a million rows for conflicts, or with totals above 2^61, are answered by the
/// heuristics with <see cref="StopReason.WorkLimit"/>.</para>
/// <para>Deterministic for a seed with one worker, as long as no time limit cuts in; thread-safe.</para>
/// <para>Reference: L. Perron, F. Didier, S. Gay, The CP-SAT-LP solver, CP 2023; Google OR-Tools.</para>
/// </remarks>
/// <param name="options">Time limit, workers and seed; <see cref="SearchOptions.Default"/> where none are given.</param>
public sealed class ConstrainedExact(SearchOptions? options = null) : IConstrainedStrategy
{
    /// <summary>The most items and groups that <see cref="DotProductGreedy"/> is tried with: a second, about.</summary>
    private const int MaxDotProductUnits = 10_000;

    /// <summary>The part of the time that column generation may take for each resource.</summary>
    private const int RelaxationShare = 8;

    private readonly SearchOptions _options = options ?? SearchOptions.Default;

    /// <inheritdoc/>
    public string Id => "exact";

    /// <inheritdoc/>
    public ConstrainedResult Pack(ConstrainedProblem problem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        cancellationToken.ThrowIfCancellationRequested();
        var (clock, units) = (Stopwatch.StartNew(), problem.Units);
        var bound = ConstrainedBounds.Best(problem);
        if (bound.Bins > problem.MaxBins)
            return ConstrainedResult.WithoutPacking(problem, Id, bound, isInfeasible: true);
        var best = Start(problem, bound, cancellationToken);
        if (IsMet())
            return Result(StopReason.BoundReached);
        if (IsPlain(problem))
        {
            var plain = new ExactPacking(Left(1)).Pack(Projection(problem, 0), progress: null, cancellationToken);
            (best, bound) = (
                plain.Packing.BinOfItem.ToArray(), LowerBound.Max(bound, plain.Bound with { Prices = null, Refutation = null }));
            return Result(plain.StopReason);
        }
        for (var resource = 0; resource < problem.ResourceCount && !IsUp(); resource++)
        {
            var relaxed = new TightPacking(Left(RelaxationShare)).Pack(Projection(problem, resource), progress: null, cancellationToken);
            bound = LowerBound.Max(bound, new(relaxed.Bound.Bins, $"{relaxed.Bound.Rule} of resource {resource}"));
        }
        if (IsMet() || bound.Bins > problem.MaxBins || IsUp())
            return Result(IsMet() ? StopReason.BoundReached : _options.CutShort);

        // One bin fewer than the best, or as many as there may be.
        var bins = ConstrainedRun.Count(best) is { } found ? found - 1 : (int)Math.Min(units.Count, problem.MaxBins);
        IConstrainedModel? model = PatternCoverModel.TryBuild(units, bins, bound.Bins, cancellationToken);
        model ??= ConstrainedModel.TryBuild(units, bins, bound.Bins, cancellationToken);
        if (model is null)
            return Result(StopReason.WorkLimit);
        var (binOfUnit, proved, isComplete) = model.Solve(_options, clock.Elapsed, cancellationToken);
        var isRefuted = isComplete && binOfUnit is null; // there is no packing in so few bins
        if (binOfUnit is not null && ConstrainedChecker.Fault(ConstrainedRun.Result(problem, Id, binOfUnit, bound, default)) is null)
            best = binOfUnit;
        if (best is null && isRefuted)
            return ConstrainedResult.WithoutPacking(problem, Id, bound, isInfeasible: true);
        if (!(proved > ConstrainedRun.Count(best))) // a bound above a packing that exists is not believed
            bound = LowerBound.Max(bound, new(proved, BoundRule.CpSat));
        return Result(isComplete ? StopReason.Completed : _options.CutShort);

        bool IsMet() => ConstrainedRun.Count(best) == bound.Bins;

        bool IsUp() => clock.Elapsed >= _options.TimeLimit || _options.Stop.IsCancellationRequested;

        SearchOptions Left(int share) => _options.TimeLimit is not { } limit ? _options : _options with
        {
            TimeLimit = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, (limit - clock.Elapsed).Ticks / share)),
        };

        ConstrainedResult Result(StopReason reason) => best is not null ? ConstrainedRun.Result(problem, Id, best, bound, reason)
            : ConstrainedResult.WithoutPacking(problem, Id, bound, isInfeasible: bound.Bins > problem.MaxBins);
    }

    /// <summary>The best of the heuristics; <see langword="null"/> where none gives every bin its least load.</summary>
    private static int[]? Start(ConstrainedProblem problem, LowerBound bound, CancellationToken cancellationToken)
    {
        List<Func<PackingUnits, CancellationToken, RuledBins>> heuristics = [ConstrainedFirstFit.Place, ConstrainedBestFit.Place];
        if (problem.Units.Count <= MaxDotProductUnits)
            heuristics.Add(DotProductGreedy.Place);
        int[]? best = null;
        foreach (var heuristic in heuristics)
            if (ConstrainedRun.Count(best) != bound.Bins && ConstrainedRun.Bins(problem, heuristic, cancellationToken) is { } other
                && !(ConstrainedRun.Count(other) >= ConstrainedRun.Count(best)))
                best = other;
        return best;
    }

    private static bool IsPlain(ConstrainedProblem problem) => problem is
    {
        ResourceCount: 1, Rules: { Conflicts.Count: 0, MaxClasses: null, HasMinLoads: false },
    } && (problem.Rules.Groups.Count == 0 || problem.Rules.MaxItems == BinLimits.Unlimited);

    /// <summary>One resource alone, each group as an item.</summary>
    private static PackingProblem Projection(ConstrainedProblem problem, int resource)
    {
        var sizes = new long[problem.Units.Count];
        for (var unit = 0; unit < sizes.Length; unit++)
            sizes[unit] = problem.Units.SizesOf(unit)[resource];
        var maxItems = problem.Rules.Groups.Count == 0 ? problem.Rules.MaxItems : BinLimits.Unlimited;
        return PackingProblem.Create(sizes, new BinLimits(problem.Capacities[resource], maxItems));
    }
}
