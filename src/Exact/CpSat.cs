namespace PackingKit;

/// <summary>
/// Exact bin packing by the assignment model given to CP-SAT: how many items of each size go into each bin. What <c>auto</c> finds is the
/// warm start, the lower bound is given, and the search is skipped where the two meet.
/// </summary>
/// <remarks>
/// <para>Guarantee: run to its end, the packing is optimal. Stopped by the time limit, it is the best found, never worse than best-fit
/// decreasing, with the best bound proved until then. Every packing is checked in integers before it is trusted.</para>
/// <para>Complexity: exponential in the worst case. A model of this kind is for tens of items; on triplets it closes up to about fifteen
/// bins.</para>
/// <para>Ties: items of one size take their places in input order; which of several optimal packings is found depends on the seed.</para>
/// <para>Deterministic for a seed with one worker, as long as no time limit cuts in; thread-safe. Honours the item limit. Problems whose
/// numbers, divided by their greatest common divisor, leave the solver's 64-bit range, and models of more than 100,000 variables (bins of
/// the warm start times distinct sizes), are answered by the warm start with <see cref="StopReason.WorkLimit"/>.</para>
/// <para>Reference: L. Perron, F. Didier, S. Gay, The CP-SAT-LP solver, CP 2023; Google OR-Tools.</para>
/// </remarks>
/// <example><code>
/// var result = new CpSat(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Pack(problem, progress);
/// </code></example>
/// <param name="options">Time limit, workers and seed; <see cref="SearchOptions.Default"/> where none are given.</param>
public sealed class CpSat(SearchOptions? options = null) : IPlanningStrategy
{
    private readonly SearchOptions _options = options ?? SearchOptions.Default;

    /// <inheritdoc/>
    public string Id => "cp-sat";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        PlanDealing.Pack(this, problem, progress, cancellationToken);

    /// <inheritdoc/>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        using var timer = _options.StartTimer();
        var start = Automatic.Ladder.Climb(histogram, limits, progress: null, timer.Token, cancellationToken) with { Strategy = Id };
        progress?.Report(new PackingProgress("heuristics", start.BinCount, start.Bound.Bins, clock.Elapsed));
        if (start.Gap == 0)
            return start with { Elapsed = clock.Elapsed };
        if (timer.IsCancellationRequested)
            return start with { StopReason = _options.CutShort, Elapsed = clock.Elapsed };

        return AssignmentModel.TryBuild(start, cancellationToken) is { } model
            ? model.Solve(Id, _options, clock, progress, cancellationToken)
            : start with { StopReason = StopReason.WorkLimit, Elapsed = clock.Elapsed };
    }
}
