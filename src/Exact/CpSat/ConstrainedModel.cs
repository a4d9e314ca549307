using System.Globalization;
using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>The assignment model with rules: which unit is in which bin, and which bins are used.</summary>
/// <remarks>
/// Bins are numbered by their first units in the order of the model, so that the unit of place p is in one of the first p + 1 bins. A
/// clique of units that exclude each other comes first and has its bins fixed.
/// </remarks>
internal sealed class ConstrainedModel
{
    /// <summary>Most rows for pairs in conflict, all bins together.</summary>
    private const long MaxConflictRows = 1_000_000;

    private readonly PackingUnits _units;
    private readonly CpModel _model = new();
    private readonly BoolVar[] _used;
    private readonly Dictionary<int, BoolVar>[] _inside; // by bin: unit -> variable, units that the bin may hold

    private ConstrainedModel(PackingUnits units, int bins, long bound, CancellationToken cancellationToken)
    {
        _units = units;
        _used = new BoolVar[bins];
        _inside = new Dictionary<int, BoolVar>[bins];
        for (var bin = 0; bin < bins; bin++)
        {
            (_used[bin], _inside[bin]) = (_model.NewBoolVar($"used{bin}"), []);
            if (bin < bound)
                _model.Add(_used[bin] == 1);
            else if (bin > 0)
                _model.AddImplication(_used[bin], _used[bin - 1]);
        }
        var clique = ConstrainedBounds.FindClique(units);
        int[] order = [.. clique, .. units.Decreasing().Except(clique)];
        for (var place = 0; place < order.Length; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<ILiteral> choices = [];
            for (var bin = place < clique.Count ? place : 0; bin < bins && bin <= place; bin++)
            {
                var variable = _model.NewBoolVar($"x{order[place]},{bin}");
                _inside[bin][order[place]] = variable;
                _model.AddImplication(variable, _used[bin]);
                choices.Add(variable);
            }
            _model.AddExactlyOne(choices); // none is left where there are too few bins for the clique: infeasible
        }
        for (var bin = 0; bin < bins; bin++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Limit(bin);
        }
        _model.Minimize(LinearExpr.Sum(_used));
    }

    /// <summary>The model, or <see langword="null"/> where its numbers or its size are beyond the solver.</summary>
    /// <param name="units">What to pack.</param>
    /// <param name="bins">The most bins.</param>
    /// <param name="bound">So many are needed.</param>
    /// <param name="cancellationToken">Stops the building.</param>
    public static ConstrainedModel? TryBuild(PackingUnits units, int bins, long bound, CancellationToken cancellationToken)
    {
        var conflicts = Enumerable.Range(0, units.Count).Sum(unit => (long)units.ConflictsOf(unit).Length) / 2;
        return (long)bins * units.Count > SearchTuning.MaxModelVariables || bins * conflicts > MaxConflictRows
            || units.Problem.Totals.Any(total => total > long.MaxValue / 4) ? null
            : new(units, bins, bound, cancellationToken);
    }

    /// <summary>Searches for the fewest bins.</summary>
    /// <param name="options">Time limit, workers and seed.</param>
    /// <param name="elapsed">Time that has passed already.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>
    /// The bin of each unit, where a packing was found, empty bins left out; a number of bins that every packing has, or one more than the
    /// model has where that is proved; and whether the search ended.
    /// </returns>
    public (int[]? BinOfUnit, long Bound, bool IsComplete) Solve(
        SearchOptions options, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        using var solver = new CpSolver
        {
            StringParameters = $"num_workers:{CpSatRunner.Workers(options)},random_seed:{options.Seed},catch_sigint_signal:false",
        };
        if (options.TimeLimit is { } limit)
            solver.StringParameters += string.Create(
                CultureInfo.InvariantCulture, $",max_time_in_seconds:{Math.Max(0.001, (limit - elapsed).TotalSeconds):R}");
        var status = solver.SolveUntil(
            () => cancellationToken.IsCancellationRequested || options.Stop.IsCancellationRequested, _model);
        cancellationToken.ThrowIfCancellationRequested();
        return status switch
        {
            CpSolverStatus.Infeasible => (null, _used.Length + 1L, true),
            CpSolverStatus.Optimal or CpSolverStatus.Feasible => (
                Read(solver), (long)Math.Ceiling(solver.BestObjectiveBound - SearchTuning.Tolerance), status == CpSolverStatus.Optimal),
            _ => (null, 0, false),
        };
    }

    /// <summary>What a bin takes, and what it may and must hold.</summary>
    private void Limit(int bin)
    {
        var (problem, inside) = (_units.Problem, _inside[bin]);
        var rules = problem.Rules;
        for (var resource = 0; resource < problem.ResourceCount; resource++)
        {
            var load = LinearExpr.NewBuilder();
            foreach (var (unit, variable) in inside)
                load.AddTerm(variable, _units.SizesOf(unit)[resource]);
            _model.Add(load <= problem.Capacities[resource]);
            if (rules.MinLoads.Count > 0 && rules.MinLoads[resource] > 0)
                _model.Add(load >= rules.MinLoads[resource] * _used[bin]);
        }
        if (rules.MaxItems < problem.ItemCount)
        {
            var items = LinearExpr.NewBuilder();
            foreach (var (unit, variable) in inside)
                items.AddTerm(variable, _units.ItemsIn(unit));
            _model.Add(items <= rules.MaxItems);
        }
        var classes = new Dictionary<int, BoolVar>();
        foreach (var (unit, variable) in inside)
        {
            foreach (var other in _units.ConflictsOf(unit))
                if (other > unit && inside.TryGetValue(other, out var apart))
                    _model.AddAtMostOne([variable, apart]);
            foreach (var each in _units.ClassesOf(unit))
            {
                if (!classes.TryGetValue(each, out var present))
                    classes[each] = present = _model.NewBoolVar($"class{each},{bin}");
                _model.AddImplication(variable, present);
            }
        }
        if (rules.MaxClasses is { } most && classes.Count > most)
            _model.Add(LinearExpr.Sum(classes.Values) <= most);
    }

    private int[] Read(CpSolver solver)
    {
        var (binOfUnit, bins) = (new int[_units.Count], 0);
        foreach (var inside in _inside)
        {
            var isUsed = false;
            foreach (var (unit, variable) in inside)
                if (solver.BooleanValue(variable))
                    (binOfUnit[unit], isUsed) = (bins, true);
            bins += isUsed ? 1 : 0;
        }
        return binOfUnit;
    }
}
