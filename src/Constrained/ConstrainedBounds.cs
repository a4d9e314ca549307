namespace PackingKit;

/// <summary>
/// Lower bounds on the bins of a <see cref="ConstrainedProblem"/>, in integers. Least loads only add bins, so they do not count.
/// </summary>
public static class ConstrainedBounds
{
    /// <summary>The rule of <see cref="Clique"/>.</summary>
    public const string CliqueRule = "clique";

    /// <summary>The rule of <see cref="Classes"/>.</summary>
    public const string ClassesRule = "classes";

    /// <summary>The rule of <see cref="Items"/>.</summary>
    public const string ItemsRule = "items";

    /// <summary>Pairs that <see cref="Clique"/> looks at before it takes what it has: some hundredths of a second.</summary>
    private const long MaxPairs = 1 << 20;

    /// <summary>The best of all bounds here, with its rule.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    public static LowerBound Best(ConstrainedProblem problem)
    {
        var best = LowerBound.Max(Items(problem), Resource(problem, 0));
        for (var resource = 1; resource < problem.ResourceCount; resource++)
            best = LowerBound.Max(best, Resource(problem, resource));
        return LowerBound.Max(LowerBound.Max(best, Clique(problem)), Classes(problem));
    }

    /// <summary>
    /// What one resource alone needs, groups as one item each: <see cref="LowerBounds.Strong"/>. The rule is that of the plain bound with
    /// the number of the resource, "L2 of resource 1", or without it where there is one resource.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="resource">From 0 to <see cref="ConstrainedProblem.ResourceCount"/> - 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="resource"/> is outside that range.</exception>
    public static LowerBound Resource(ConstrainedProblem problem, int resource)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfNegative(resource);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(resource, problem.ResourceCount);
        var units = problem.Units;
        var sizes = new long[units.Count];
        for (var unit = 0; unit < sizes.Length; unit++)
            sizes[unit] = units.SizesOf(unit)[resource];
        var bound = LowerBounds.Strong(SizeHistogram.Of(sizes), problem.Capacities[resource]);
        return problem.ResourceCount == 1 ? bound : bound with { Rule = $"{bound.Rule} of resource {resource}" };
    }

    /// <summary>Items over the most items of a bin, rounded up. O(n).</summary>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    public static LowerBound Items(ConstrainedProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return new(Integers.CeilingDivide(problem.ItemCount - problem.LeftOut.Count, problem.Rules.MaxItems), ItemsRule);
    }

    /// <summary>
    /// Items and groups of which no two can share a bin, because of a conflict, a resource, the number of items or of classes: collected
    /// one by one, once from the largest down and once from the most conflicts down. O(n · clique), within 2^20 pairs each time.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    public static LowerBound Clique(ConstrainedProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return new(FindClique(problem.Units).Count, CliqueRule);
    }

    /// <summary>
    /// For each class the bins that its items and groups need alone, added up over the most classes of a bin, rounded up: so many bins
    /// hold a class at least, and each holds only so many. O(n log n) per resource.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    public static LowerBound Classes(ConstrainedProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (problem.Rules.MaxClasses is not { } most)
            return new(0, ClassesRule);
        var units = problem.Units;
        var ofClass = new Dictionary<int, List<int>>();
        for (var unit = 0; unit < units.Count; unit++)
            foreach (var each in units.ClassesOf(unit))
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(ofClass, each, out _);
                (list ??= []).Add(unit);
            }
        long bins = 0;
        foreach (var list in ofClass.Values)
        {
            long alone = 0;
            for (var resource = 0; resource < problem.ResourceCount; resource++)
                alone = Math.Max(alone, LowerBounds.Best(
                    SizeHistogram.Of([.. list.Select(unit => units.SizesOf(unit)[resource])]), problem.Capacities[resource]).Bins);
            bins += alone;
        }
        return new(Integers.CeilingDivide(bins, most), ClassesRule);
    }

    /// <summary>The larger of two cliques that were collected greedily.</summary>
    internal static List<int> FindClique(PackingUnits units)
    {
        var bySize = units.Decreasing();
        var byConflicts = bySize.OrderByDescending(unit => units.ConflictsOf(unit).Length).ToArray(); // stable
        var (first, second) = (Collect(bySize), Collect(byConflicts));
        return second.Count > first.Count ? second : first;

        List<int> Collect(int[] order)
        {
            List<int> clique = [];
            long pairs = 0;
            foreach (var unit in order)
            {
                if (pairs > MaxPairs)
                    break;
                var at = 0;
                while (at < clique.Count && units.Exclude(unit, clique[at]))
                    at++;
                pairs += at + 1;
                if (at == clique.Count)
                    clique.Add(unit);
            }
            return clique;
        }
    }
}
