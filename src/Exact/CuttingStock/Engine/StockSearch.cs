namespace PackingKit;

/// <summary>
/// The search over bins of several kinds: heuristics, column generation, dives, CP-SAT over the patterns that matter, and a tree for each
/// mix of bins that may do. Bins of one capacity are a matter for <see cref="PackingSearch"/>. Stops where the plan meets the bound.
/// </summary>
internal sealed class StockSearch(StockProblem problem, SearchContext context)
{
    private readonly StockHeuristics _heuristics = new(problem, context);

    /// <summary>The best plan so far.</summary>
    public StockPlan? Plan { get; private set; }

    /// <summary>No plan costs less.</summary>
    public BigInteger Bound { get; private set; }

    /// <summary>Whether it is proved that there is no plan.</summary>
    public bool IsInfeasible { get; private set; }

    private bool IsClosed => IsInfeasible || (Plan is not null && Plan.Cost <= Bound);

    /// <summary>What a better plan costs at most.</summary>
    private BigInteger MaxCost => Plan is not null ? Plan.Cost - 1 : problem.CostOf([.. problem.Classes.Select(bins => bins.Supply)]);

    public void Run()
    {
        if (!problem.AllFit)
            IsInfeasible = true;
        else if (problem.Classes.Length == 1)
            RunOneClass(problem.Classes[0]);
        else
            RunSeveralClasses();
    }

    /// <summary>The fewest bins are the cheapest.</summary>
    private void RunOneClass(StockClass bins)
    {
        Offer(OneClass(0, search => search.Run(SearchTuning.ExactDives, prove: true), out var bound));
        IsInfeasible = bound > bins.Supply;
        Bound = bins.CostOf(Math.Min(bound, bins.Supply));
        if (!IsClosed)
            foreach (var plan in _heuristics.Simple())
                Offer(plan);
    }

    private StockPlan? OneClass(int at, Action<PackingSearch> run, out long bound)
    {
        var limits = new BinLimits(problem.Classes[at].Capacity, problem.MaxItems);
        var result = SearchPlanner.Plan("exact", problem.Demands, limits, context, run);
        bound = result.Bound.Bins;
        var patterns = PartialPacking.FromPlan(problem.Demands.Sizes, result.Plan.Patterns);
        return problem.TryPlan([.. patterns.Select(entry => (at, entry.Pattern, entry.Bins))]);
    }

    private void RunSeveralClasses()
    {
        foreach (var plan in _heuristics.Simple().Concat(_heuristics.Filled()))
            Offer(plan);
        if (problem.Counts.Length > SearchTuning.MaxTypes)
        {
            (Bound, IsInfeasible) = StockBound.OfSizes(problem).CostOf(problem) is { } cost ? (cost, false) : (0, true);
            return;
        }
        var bins = Plan?.Bins.Sum() ?? problem.ItemCount;
        using var relaxation = new StockRelaxation(problem, bins, context);
        foreach (var (at, pattern, _) in Plan?.Entries ?? [])
            relaxation.Add(at, pattern);
        relaxation.Bind(MaxCost + 1);
        (Bound, IsInfeasible) = (relaxation.Bound, relaxation.IsInfeasible);
        var mixes = new StockMixes(problem, relaxation.Bounds, () => context.Stop);
        RaiseByMixes(mixes);
        var dive = new StockDive(problem, relaxation, _heuristics);
        Dive(dive);
        TryEachClass();
        Prove(relaxation, dive, mixes);
    }

    /// <summary>
    /// Dives over all kinds, each for a fourth of what the plan costs beyond the bound: less would keep column generation busy for what
    /// single mixes give sooner.
    /// </summary>
    private void Dive(StockDive dive)
    {
        for (var cost = (BigInteger?)-1; cost != Plan?.Cost && !IsClosed && !context.Stop;)
        {
            cost = Plan?.Cost;
            Offer(dive.Dive(Bound + ((MaxCost - Bound) / 4), mix: null, random: null));
        }
    }

    /// <summary>Dives for one mix, until one succeeds.</summary>
    private bool Dive(StockDive dive, long[] mix)
    {
        var random = new Random(context.Options.Seed);
        var cost = problem.CostOf(mix);
        for (var i = 0; i < SearchTuning.StockDivesForMix && !context.Stop; i++)
        {
            Offer(dive.Dive(cost, mix, i == 0 ? null : random));
            if (Plan?.Cost <= cost)
                return true;
        }
        return false;
    }

    /// <summary>Each kind alone, where that may be cheaper: there the dives of one capacity are stronger.</summary>
    private void TryEachClass()
    {
        for (var at = 0; at < problem.Classes.Length && !context.Stop && !IsClosed; at++)
        {
            var bins = problem.Classes[at];
            var fewest = Integers.CeilingDivide(problem.Demands.TotalSize, bins.Capacity);
            if (bins.Capacity >= problem.Demands.Sizes[0] && fewest <= bins.Supply && bins.CostOf(fewest) <= MaxCost)
                Offer(OneClass(at, search => search.Run(SearchTuning.ExactDives, prove: false), out _));
        }
    }

    /// <summary>
    /// CP-SAT takes the cheapest plan from the patterns met; where all patterns that could be in a cheaper plan can be listed, it decides.
    /// </summary>
    private void Choose(StockRelaxation relaxation)
    {
        var all = relaxation.PatternsUpTo(MaxCost, SearchTuning.MaxStockPatterns);
        if (context.Stop)
            return;
        var effort = all is null ? SearchTuning.StockEffort : SearchTuning.StockEffortForAll;
        Offer(StockModel.Solve(problem, all ?? [.. relaxation.Patterns], Plan is null ? null : MaxCost, context, effort, out var proved));
        if (proved && all is not null)
            Close();
    }

    /// <summary>
    /// Trees for the cheapest mix of bins that is not ruled out and for the roomiest that is cheaper than the plan take turns, until no mix
    /// is left or none can be decided.
    /// </summary>
    private void Prove(StockRelaxation relaxation, StockDive dive, StockMixes mixes)
    {
        Dictionary<string, StockTree> trees = [];
        var isChosen = false;
        for (var nodes = SearchTuning.NodesPerTurn; !IsClosed && !context.Stop;)
        {
            var (cheapest, roomiest) = (RaiseByMixes(mixes), mixes.Roomiest(MaxCost, out var isComplete));
            if (IsClosed || context.Stop)
                return;
            if (roomiest is null && isComplete)
            {
                Close();
                return;
            }
            var (isDecided, isDone) = (false, true);
            foreach (var mix in (ReadOnlySpan<long[]?>)[cheapest, roomiest])
            {
                if (mix is null || IsClosed)
                    continue;
                var key = string.Join(' ', mix);
                if (!trees.TryGetValue(key, out var tree))
                {
                    if (relaxation.Refutes(mix))
                    {
                        isDecided = true;
                        continue;
                    }
                    List<(int, Pattern)> taken =
                        [.. relaxation.Taken(SearchTuning.Tolerance).Select(column => (column.Class, column.Pattern))];
                    if (Dive(dive, mix))
                    {
                        isDecided = true;
                        break;
                    }
                    trees[key] = tree = new StockTree(problem, mix, taken, context);
                }
                var decided = tree.Decide(nodes);
                if (decided == false)
                    mixes.Refute(mix);
                if (tree.Found is { } found)
                    Offer(problem.TryPlan(found));
                isDecided |= decided is not null;
                isDone &= tree.IsDone;
            }
            if (isDecided)
                continue;
            if (!isChosen && (isDone || nodes >= SearchTuning.StockNodesBeforeModel))
            {
                isChosen = true;
                Choose(relaxation);
                continue;
            }
            if (isDone)
                return;
            nodes *= 2;
        }
    }

    /// <summary>Raises the bound to the cost of the cheapest mix that is not ruled out.</summary>
    /// <returns>That mix, as far as it is known.</returns>
    private long[]? RaiseByMixes(StockMixes mixes)
    {
        if (IsInfeasible || context.Stop)
            return null;
        var cheapest = mixes.Cheapest(MaxCost, out var isComplete);
        if (cheapest is null && isComplete)
            Close();
        else if (cheapest is not null && isComplete)
            Bound = BigInteger.Max(Bound, problem.CostOf(cheapest));
        return cheapest;
    }

    /// <summary>Notes that there is nothing cheaper than the plan, or no plan at all.</summary>
    private void Close()
    {
        if (Plan is null)
            IsInfeasible = true;
        else
            Bound = Plan.Cost;
    }

    private void Offer(StockPlan? plan)
    {
        if (plan is not null && (Plan is null || plan.Cost < Plan.Cost))
            Plan = plan;
    }
}
