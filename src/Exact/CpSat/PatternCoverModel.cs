using Google.OrTools.Sat;

namespace PackingKit;

/// <summary>
/// The covering model with rules: every set of units that a bin takes and that no other unit can join, and which of these sets are used.
/// Far stronger than <see cref="ConstrainedModel"/> where the sets are few enough to write down. A unit that is in several used sets is
/// taken out of all but one: no rule minds that but a least load, with which every set that has it is written down, and used sets share
/// no unit.
/// </summary>
internal sealed class PatternCoverModel : IConstrainedModel
{
    /// <summary>Most sets, and most steps of the search for them.</summary>
    private const int MaxSets = 20_000, MaxSteps = 2_000_000;

    private readonly PackingUnits _units;
    private readonly List<int[]> _sets;
    private readonly BoolVar[] _used;

    private PatternCoverModel(PackingUnits units, List<int[]> sets, int bins, long bound)
    {
        (_units, _sets, MaxBins) = (units, sets, bins);
        _used = [.. sets.Select((_, index) => Model.NewBoolVar($"set{index}"))];
        var covers = new List<ILiteral>[units.Count];
        for (var unit = 0; unit < covers.Length; unit++)
            covers[unit] = [];
        for (var set = 0; set < sets.Count; set++)
            foreach (var unit in sets[set])
                covers[unit].Add(_used[set]);
        foreach (var cover in covers)
            if (units.Problem.Rules.HasMinLoads)
                Model.AddExactlyOne(cover);
            else
                Model.AddBoolOr(cover);
        var count = LinearExpr.Sum(_used);
        Model.Add(count >= bound);
        Model.Add(count <= bins);
        Model.Minimize(count);
    }

    public CpModel Model { get; } = new();

    public int MaxBins { get; }

    public int LinearizationLevel => 2; // covers are clauses, which lower levels leave out, and the bound lies in them

    /// <summary>The model, or <see langword="null"/> where there are too many sets.</summary>
    /// <inheritdoc cref="ConstrainedModel.TryBuild"/>
    public static PatternCoverModel? TryBuild(PackingUnits units, int bins, long bound, CancellationToken cancellationToken)
    {
        if (units.Count > MaxSets)
            return null;
        var bin = new RuledBins(units);
        bin.Open();
        List<int[]> sets = [];
        List<int> inside = [];
        var steps = 0;
        return Extend(0) ? new(units, sets, bins, bound) : null;

        // Every way to go on from a unit; false where it is too much.
        bool Extend(int from)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isMaximal = true;
            for (var unit = 0; unit < units.Count; unit++)
            {
                if (++steps > MaxSteps)
                    return false;
                if (bin.BinOf[unit] != RuledBins.None)
                    continue;
                bin.Aim(unit);
                if (!bin.Takes(0, unit))
                    continue;
                isMaximal = false;
                if (unit < from)
                    continue; // the set is met where that unit comes first
                bin.Put(unit, 0);
                inside.Add(unit);
                var isDone = Extend(unit + 1);
                inside.RemoveAt(inside.Count - 1);
                bin.Remove(unit);
                if (!isDone)
                    return false;
            }
            if (inside.Count > 0 && (units.Problem.Rules.HasMinLoads ? bin.HasMinLoads(0) : isMaximal))
                sets.Add([.. inside]);
            return sets.Count <= MaxSets;
        }
    }

    public int[] Read(CpSolver solver)
    {
        var (binOfUnit, bins) = (new int[_units.Count], 0);
        binOfUnit.AsSpan().Fill(RuledBins.None);
        for (var set = 0; set < _used.Length; set++)
        {
            if (!solver.BooleanValue(_used[set]) || !_sets[set].Any(unit => binOfUnit[unit] == RuledBins.None))
                continue;
            foreach (var unit in _sets[set])
                if (binOfUnit[unit] == RuledBins.None)
                    binOfUnit[unit] = bins;
            bins++;
        }
        return binOfUnit;
    }
}
