using System.Diagnostics;
using Google.OrTools.Sat;
using MathNet.Numerics;

namespace PackingKit;

/// <summary>The plain assignment model on item types: x[t, b] items of type t in bin b, and whether bin b is used.</summary>
internal sealed class AssignmentModel
{
    /// <summary>Largest number of variables that a model is built for: beyond it the solver gets nowhere, and takes long to hear a request to stop.</summary>
    private const long MostVariables = 100_000;

    private readonly PlanningResult _start;
    private readonly CpModel _model = new();
    private readonly BoolVar[] _used;
    private readonly Dictionary<int, IntVar>[] _copies; // by bin: type -> variable, types that the bin may hold

    private AssignmentModel(PlanningResult start, long divisor, CancellationToken cancellationToken)
    {
        _start = start;
        var (histogram, capacity) = (start.Plan.Histogram, start.Plan.Limits.Capacity / divisor);
        var bins = (int)start.Plan.BinCount;
        var most = Math.Min(start.Plan.Limits.MaxItems, int.MaxValue);
        _used = new BoolVar[bins];
        _copies = new Dictionary<int, IntVar>[bins];
        for (var bin = 0; bin < bins; bin++)
        {
            _used[bin] = _model.NewBoolVar($"used{bin}");
            _copies[bin] = [];
        }

        long rank = 0; // items in decreasing size, those of the type included
        for (var type = 0; type < histogram.DistinctCount; type++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (size, count) = (histogram.Sizes[type] / divisor, histogram.Counts[type]);
            rank += count;
            var copies = LinearExpr.NewBuilder();
            // Bins can be put in the order of their largest items, so the item of rank r is in one of the first r.
            for (var bin = 0; bin < Math.Min(bins, rank); bin++)
            {
                var variable = _model.NewIntVar(0, Math.Min(count, Math.Min(most, size == 0 ? most : capacity / size)), $"x{type},{bin}");
                _copies[bin][type] = variable;
                copies.Add(variable);
            }
            _model.Add(copies == count);
        }
        for (var bin = 0; bin < bins; bin++)
        {
            var (load, items) = (LinearExpr.NewBuilder(), LinearExpr.NewBuilder());
            foreach (var (type, variable) in _copies[bin])
            {
                load.AddTerm(variable, histogram.Sizes[type] / divisor);
                items.Add(variable);
            }
            _model.Add(load <= capacity * _used[bin]);
            // Items of size 0 do not show in the load: the second row ties them to a used bin.
            _model.Add(items <= Math.Min(most, histogram.ItemCount) * _used[bin]);
            if (bin > 0)
                _model.AddImplication(_used[bin], _used[bin - 1]);
            if (bin < start.Bound.Bins)
                _model.Add(_used[bin] == 1);
        }
        FixLargeItems();
        Hint();
        _model.Minimize(LinearExpr.Sum(_used));
    }

    /// <summary>The model, or nothing where its numbers or its size are beyond the solver.</summary>
    public static AssignmentModel? TryBuild(PlanningResult start, CancellationToken cancellationToken)
    {
        var (histogram, capacity) = (start.Plan.Histogram, start.Plan.Limits.Capacity);
        var divisor = capacity;
        foreach (var size in histogram.Sizes)
            divisor = Euclid.GreatestCommonDivisor(divisor, size);
        // Every row's largest activity must stay in 64 bits: each type adds at most one capacity to a load.
        var inRange = (Int128)(capacity / divisor) * (histogram.DistinctCount + 1) < long.MaxValue / 4 && histogram.ItemCount < int.MaxValue;
        var variables = (Int128)start.Plan.BinCount * histogram.DistinctCount;
        return inRange && variables <= MostVariables ? new AssignmentModel(start, divisor, cancellationToken) : null;
    }

    public PlanningResult Solve(
        string id, SearchOptions options, Stopwatch clock, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        var incumbent = new CpSatIncumbent(_start, clock, progress);
        using var solver = new CpSolver();
        using var callback = new CpSatCallback(this, incumbent);
        solver.SetBestBoundCallback(callback.OnBound);
        // Ctrl+C belongs to the host: the solver's own handler would end the process in a native exception, and stay behind after the search.
        solver.StringParameters = $"num_workers:{options.Workers},random_seed:{options.Seed},catch_sigint_signal:false";
        if (options.TimeLimit is { } limit)
            solver.StringParameters += $",max_time_in_seconds:{Math.Max(0.001, (limit - clock.Elapsed).TotalSeconds):R}";

        var status = solver.SolveUntil(() => cancellationToken.IsCancellationRequested || callback.HasFailed, _model, callback);
        cancellationToken.ThrowIfCancellationRequested();
        callback.ThrowFailure();
        incumbent.Raise(solver.BestObjectiveBound);
        return incumbent.Result(id, status is CpSolverStatus.Feasible or CpSolverStatus.Unknown ? StopReason.TimeLimit : StopReason.Completed);
    }

    /// <summary>A solution of the solver's as what each bin holds.</summary>
    public List<PackingPattern> Read(Func<IntVar, long> value)
    {
        List<PackingPattern> bins = [];
        foreach (var copies in _copies)
        {
            List<SizeCount> items = [];
            foreach (var (type, variable) in copies)
                if (value(variable) is not 0 and var count)
                    items.Add(new(_start.Plan.Histogram.Sizes[type], count));
            if (items.Count > 0)
                bins.Add(new PackingPattern([.. items]));
        }
        return bins;
    }

    /// <summary>Items above half a bin exclude each other: the first of them, in order, name the first bins.</summary>
    private void FixLargeItems()
    {
        var histogram = _start.Plan.Histogram;
        var bin = 0;
        for (var type = 0; type < histogram.DistinctCount && histogram.Sizes[type] > _start.Plan.Limits.Capacity / 2; type++)
            for (var end = bin + (int)histogram.Counts[type]; bin < end; bin++)
                _model.Add(_copies[bin][type] == 1);
    }

    /// <summary>The warm start, its bins in the order of their largest items, as the model wants them.</summary>
    private void Hint()
    {
        var bin = 0;
        foreach (var pattern in _start.Plan.Patterns.OrderByDescending(pattern => pattern.Items[0].Size))
        {
            var copies = pattern.Items.ToDictionary(item => _start.Plan.Histogram.IndexOf(item.Size), item => item.Count);
            for (var end = bin + pattern.Multiplicity; bin < end; bin++)
            {
                _model.AddHint(_used[bin], true);
                foreach (var (type, variable) in _copies[bin])
                    _model.AddHint(variable, copies.GetValueOrDefault(type));
            }
        }
    }
}
