using System.Globalization;
using Google.OrTools.Sat;
using MathNet.Numerics;

namespace PackingKit;

/// <summary>The plain assignment model on item types: x[t, b] items of type t in bin b, and whether bin b is used.</summary>
internal sealed class AssignmentModel
{
    private readonly PlanningResult _start;
    private readonly CpModel _model = new();
    private readonly BoolVar[] _used;
    private readonly Dictionary<int, IntVar>[] _copies; // by bin: type -> variable, types that the bin may hold

    private AssignmentModel(PlanningResult start, long divisor, CancellationToken cancellationToken)
    {
        _start = start;
        var (histogram, capacity) = (start.Plan.Histogram, start.Plan.Limits.Capacity / divisor);
        var bins = (int)start.Plan.BinCount;
        var maxItems = Math.Min(start.Plan.Limits.MaxItems, int.MaxValue);
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
            var maxCopies = size == 0 ? maxItems : Math.Min(maxItems, capacity / size);
            var copies = LinearExpr.NewBuilder();
            // Bins can be put in the order of their largest items, so the item of rank r is in one of the first r.
            for (var bin = 0; bin < Math.Min(bins, rank); bin++)
            {
                var variable = _model.NewIntVar(0, Math.Min(count, maxCopies), $"x{type},{bin}");
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
            _model.Add(items <= Math.Min(maxItems, histogram.ItemCount) * _used[bin]);
            if (bin > 0)
                _model.AddImplication(_used[bin], _used[bin - 1]);
            if (bin < start.Bound.Bins)
                _model.Add(_used[bin] == 1);
        }
        FixLargeItems();
        Hint();
        _model.Minimize(LinearExpr.Sum(_used));
    }

    /// <summary>The model, or <see langword="null"/> where its numbers or its size are beyond the solver.</summary>
    public static AssignmentModel? TryBuild(PlanningResult start, CancellationToken cancellationToken)
    {
        var (histogram, capacity) = (start.Plan.Histogram, start.Plan.Limits.Capacity);
        var divisor = capacity;
        foreach (var size in histogram.Sizes)
            divisor = Euclid.GreatestCommonDivisor(divisor, size);
        // Every row's largest activity must stay in 64 bits: each type adds at most one capacity to a load.
        var maxActivity = (Int128)(capacity / divisor) * (histogram.DistinctCount + 1);
        var inRange = maxActivity < long.MaxValue / 4 && histogram.ItemCount < int.MaxValue;
        var variables = (Int128)start.Plan.BinCount * histogram.DistinctCount;
        return inRange && variables <= SearchTuning.MaxModelVariables ? new AssignmentModel(start, divisor, cancellationToken) : null;
    }

    public PlanningResult Solve(
        string id, SearchOptions options, Stopwatch clock, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        var incumbent = new CpSatIncumbent(_start, clock, progress);
        using var solver = new CpSolver();
        using var callback = new CpSatCallback(this, incumbent);
        solver.SetBestBoundCallback(callback.OnBound);
        // Without the solver's own handler of Ctrl+C, which would end the process in a native exception and outlive the search.
        solver.StringParameters = $"num_workers:{CpSatRunner.Workers(options)},random_seed:{options.Seed},catch_sigint_signal:false";
        if (options.TimeLimit is { } limit)
            solver.StringParameters += string.Create(
                CultureInfo.InvariantCulture, $",max_time_in_seconds:{Math.Max(0.001, (limit - clock.Elapsed).TotalSeconds):R}");

        var status = solver.SolveUntil(
            () => cancellationToken.IsCancellationRequested || options.Stop.IsCancellationRequested || callback.HasFailed, _model, callback);
        cancellationToken.ThrowIfCancellationRequested();
        callback.ThrowFailure();
        incumbent.Raise(solver.BestObjectiveBound);
        return incumbent.Result(id, status switch
        {
            CpSolverStatus.Feasible or CpSolverStatus.Unknown => options.CutShort,
            CpSolverStatus.ModelInvalid => StopReason.WorkLimit, // it was not searched at all
            _ => StopReason.Completed,
        });
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

    /// <summary>No two items above half a bin share one: in decreasing size, each is fixed in the next bin.</summary>
    private void FixLargeItems()
    {
        var histogram = _start.Plan.Histogram;
        var bin = 0;
        for (var type = 0; type < histogram.DistinctCount && histogram.Sizes[type] > _start.Plan.Limits.Capacity / 2; type++)
            for (var end = bin + (int)histogram.Counts[type]; bin < end; bin++)
                _model.Add(_copies[bin][type] == 1);
    }

    /// <summary>The warm start: best-fit decreasing opens its bins in the order of their largest items, as the model orders them.</summary>
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
