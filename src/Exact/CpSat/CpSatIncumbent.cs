namespace PackingKit;

/// <summary>
/// The best packing and bound of one search. Nothing is taken on the solver's word alone: packings are counted again, and once the solver
/// reports a wrong packing, or a bound above a packing that exists, all its bounds are dropped for the bound from before the search.
/// </summary>
internal sealed class CpSatIncumbent(PlanningResult start, Stopwatch clock, IProgress<PackingProgress>? progress)
{
    private readonly Lock _gate = new();
    private PackingPlan _plan = start.Plan;
    private LowerBound _bound = start.Bound;
    private bool _isFaulty;

    /// <summary>A packing that the solver found.</summary>
    public void Offer(IEnumerable<PackingPattern> bins)
    {
        lock (_gate)
        {
            try
            {
                var plan = PackingPlan.FromPatterns(start.Plan.Histogram, start.Plan.Limits, bins);
                if (plan.BinCount >= _plan.BinCount)
                    return;
                _plan = plan;
            }
            catch (Exception wrong) when (wrong is ArgumentException or OverflowException)
            {
                _isFaulty = true;
                return;
            }
            _isFaulty |= _bound.Bins > _plan.BinCount;
            Report();
        }
    }

    /// <summary>A bound that the solver proved: an integer in a double, exact far beyond any model that fits in memory.</summary>
    public void Raise(double bound)
    {
        lock (_gate)
        {
            var bins = Math.Ceiling(bound - SearchTuning.Tolerance);
            _isFaulty |= !(bins <= _plan.BinCount); // also refuses NaN
            if (_isFaulty || bins <= _bound.Bins)
                return;
            _bound = new LowerBound((long)bins, BoundRule.CpSat);
            Report();
        }
    }

    public PlanningResult Result(string id, StopReason reason)
    {
        lock (_gate)
        {
            var bound = _isFaulty ? start.Bound : _bound;
            return new PlanningResult
            {
                Plan = _plan,
                Bound = bound,
                Strategy = id,
                StopReason = _plan.BinCount == bound.Bins ? StopReason.BoundReached : reason,
                Elapsed = clock.Elapsed,
            };
        }
    }

    private void Report() => progress?.Report(new PackingProgress("cp-sat", _plan.BinCount, _bound.Bins, clock.Elapsed));
}
