using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>The assignment model with rules: which unit is in which bin, and which bins are used.</summary>
/// <remarks>
/// Bins are numbered by their first units in the order of the model, so that the unit of place p is in one of the first p + 1 bins. A
/// clique of units that exclude each other comes first and has its bins fixed.
/// </remarks>
internal sealed class ConstrainedModel : IConstrainedModel
{
    /// <summary>Most rows for pairs in conflict, all bins together.</summary>
    private const long MaxConflictRows = 1_000_000;

    private readonly PackingUnits _units;
    private readonly BoolVar[] _used;
    private readonly Dictionary<int, BoolVar>[] _inside; // by bin: unit -> variable, units that the bin may hold

    private ConstrainedModel(PackingUnits units, int bins, long bound, CancellationToken cancellationToken)
    {
        _units = units;
        _used = new BoolVar[bins];
        _inside = new Dictionary<int, BoolVar>[bins];
        for (var bin = 0; bin < bins; bin++)
        {
            (_used[bin], _inside[bin]) = (Model.NewBoolVar($"used{bin}"), []);
            if (bin < bound)
                Model.Add(_used[bin] == 1);
            else if (bin > 0)
                Model.AddImplication(_used[bin], _used[bin - 1]);
        }
        var clique = ConstrainedBounds.FindClique(units);
        int[] order = [.. clique, .. units.Decreasing().Except(clique)];
        for (var place = 0; place < order.Length; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<ILiteral> choices = [];
            for (var bin = place < clique.Count ? place : 0; bin < bins && bin <= place; bin++)
            {
                var variable = Model.NewBoolVar($"x{order[place]},{bin}");
                _inside[bin][order[place]] = variable;
                Model.AddImplication(variable, _used[bin]);
                choices.Add(variable);
            }
            Model.AddExactlyOne(choices); // none is left where there are too few bins for the clique: infeasible
        }
        for (var bin = 0; bin < bins; bin++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Limit(bin);
        }
        Model.Minimize(LinearExpr.Sum(_used));
    }

    public CpModel Model { get; } = new();

    public int MaxBins => _used.Length;

    public int LinearizationLevel => 1; // the solver's default

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

    public int[] Read(CpSolver solver)
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
            Model.Add(load <= problem.Capacities[resource]);
            if (rules.MinLoads.Count > 0 && rules.MinLoads[resource] > 0)
                Model.Add(load >= rules.MinLoads[resource] * _used[bin]);
        }
        if (rules.MaxItems < problem.ItemCount)
        {
            var items = LinearExpr.NewBuilder();
            foreach (var (unit, variable) in inside)
                items.AddTerm(variable, _units.ItemsIn(unit));
            Model.Add(items <= rules.MaxItems);
        }
        var classes = new Dictionary<int, BoolVar>();
        foreach (var (unit, variable) in inside)
        {
            foreach (var other in _units.ConflictsOf(unit))
                if (other > unit && inside.TryGetValue(other, out var apart))
                    Model.AddAtMostOne([variable, apart]);
            foreach (var each in _units.ClassesOf(unit))
            {
                if (!classes.TryGetValue(each, out var present))
                    classes[each] = present = Model.NewBoolVar($"class{each},{bin}");
                Model.AddImplication(variable, present);
            }
        }
        if (rules.MaxClasses is { } most && classes.Count > most)
            Model.Add(LinearExpr.Sum(classes.Values) <= most);
    }
}
