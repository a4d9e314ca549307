namespace PackingKit;

/// <summary>Runs several strategies in turn and keeps the packing with the fewest bins, with the highest bound that is known.</summary>
/// <remarks>
/// <para>Guarantee: never more bins than any of the strategies. As soon as the fewest bins meet the highest bound, the rest are not run, so
/// put cheap strategies first.</para>
/// <para>Cost: the sum of those that ran. Where all strategies plan, plans are compared, the items are dealt once, and before a second plan
/// is made <see cref="LowerBounds.Strong"/> may prove the first one optimal. Ties: the packing of
/// the earlier strategy. Deterministic and thread-safe where the strategies are.</para>
/// </remarks>
/// <example><code>
/// var result = new BestOf(new BestFitDecreasing(), new FirstFitDecreasing(), new CpSat(options)).Pack(problem);
/// </code></example>
public sealed class BestOf : IPlanningStrategy
{
    private readonly IPackingStrategy[] _strategies;
    private readonly IPlanningStrategy[] _planners;

    /// <summary>A portfolio, in the order in which it is run.</summary>
    /// <exception cref="ArgumentException">There is no strategy, or one is <see langword="null"/>.</exception>
    public BestOf(params IEnumerable<IPackingStrategy> strategies)
    {
        ArgumentNullException.ThrowIfNull(strategies);
        _strategies = [.. strategies];
        if (_strategies.Length == 0)
            throw new ArgumentException("A portfolio needs a strategy.", nameof(strategies));
        if (Array.IndexOf(_strategies, null) is >= 0 and var index)
            throw new ArgumentException($"Strategy {index} is null.", nameof(strategies));
        _planners = [.. _strategies.OfType<IPlanningStrategy>()];
        Id = $"best-of({string.Join(",", _strategies.Select(strategy => strategy.Id))})";
    }

    /// <summary>"best-of(bfd,ffd)": the ids of the strategies, in order.</summary>
    public string Id { get; }

    /// <summary>Whether all strategies plan, so that <see cref="Plan"/> can.</summary>
    public bool CanPlan => _planners.Length == _strategies.Length;

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (CanPlan)
            return PlanDealing.Pack(this, problem, progress, cancellationToken);
        var clock = Stopwatch.StartNew();
        var ladder = new Ladder(progress, clock);
        PackingResult? best = null;
        foreach (var strategy in _strategies)
        {
            var result = strategy.Pack(problem, ladder.Progress, cancellationToken);
            if (best is null || result.BinCount < best.BinCount)
                best = result;
            ladder.Offer(strategy.Id, result.BinCount, result.Bound);
            if (ladder.IsClosed)
                break;
        }
        return best! with
        {
            Bound = ladder.Bound,
            Strategy = Id,
            StopReason = ladder.IsClosed ? StopReason.BoundReached : best.StopReason,
            Elapsed = clock.Elapsed,
        };
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">One of the strategies does not plan; see <see cref="CanPlan"/>.</exception>
    public PlanningResult Plan(
        SizeHistogram histogram, BinLimits limits,
        IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!CanPlan)
            throw new NotSupportedException(
                $"'{_strategies.First(strategy => strategy is not IPlanningStrategy).Id}' needs the items;"
                + " it cannot plan on their histogram.");
        return Climb(histogram, limits, progress, CancellationToken.None, cancellationToken);
    }

    /// <summary>Plans until the bound is met or time is up: then the best so far. The first strategy is always heard out.</summary>
    internal PlanningResult Climb(
        SizeHistogram histogram, BinLimits limits, IProgress<PackingProgress>? progress, CancellationToken timeUp,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var ladder = new Ladder(progress, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp, cancellationToken);
        PlanningResult? best = null;
        var reason = StopReason.Completed;
        foreach (var strategy in _planners)
        {
            PlanningResult result;
            try
            {
                result = strategy.Plan(histogram, limits, ladder.Progress, best is null ? cancellationToken : either.Token);
            }
            catch (OperationCanceledException) when (best is not null && !cancellationToken.IsCancellationRequested)
            {
                reason = StopReason.TimeLimit;
                break;
            }
            var bound = best is null && result.Gap > 0
                ? LowerBound.Max(result.Bound, LowerBounds.Strong(histogram, limits)) : result.Bound;
            if (best is null || result.BinCount < best.BinCount)
                best = result;
            ladder.Offer(strategy.Id, result.BinCount, bound);
            if (ladder.IsClosed)
                break;
        }
        return best! with
        {
            Bound = ladder.Bound,
            Strategy = Id,
            StopReason = ladder.IsClosed ? StopReason.BoundReached : reason,
            Elapsed = clock.Elapsed,
        };
    }

    /// <summary>The fewest bins and the highest bound so far, passed on so that bins never rise and bounds never fall.</summary>
    private sealed class Ladder(IProgress<PackingProgress>? progress, Stopwatch clock) : IProgress<PackingProgress>
    {
        private long _bins = long.MaxValue;
        private (long Bins, long LowerBound) _last;

        public LowerBound Bound { get; private set; }

        public bool IsClosed => _bins == Bound.Bins;

        public IProgress<PackingProgress>? Progress => progress is null ? null : this;

        public void Offer(string strategy, long bins, LowerBound bound)
        {
            Bound = _bins == long.MaxValue ? bound : LowerBound.Max(Bound, bound);
            _bins = Math.Min(_bins, bins);
            if (_last != (_bins, Bound.Bins))
                Report(new PackingProgress(strategy, _bins, Bound.Bins, clock.Elapsed));
        }

        public void Report(PackingProgress value)
        {
            _last = (Math.Min(value.Bins, _bins), Math.Max(value.LowerBound, Bound.Bins));
            progress?.Report(value with { Bins = _last.Bins, LowerBound = _last.LowerBound, Elapsed = clock.Elapsed });
        }
    }
}
