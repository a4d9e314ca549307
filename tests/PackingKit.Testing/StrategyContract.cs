using FsCheck;
using FsCheck.Fluent;

namespace PackingKit.Testing;

/// <summary>
/// What every strategy promises, as rules with names: run each as a test of its own, so that a failure says what is broken. Counterexamples
/// are shrunk.
/// </summary>
/// <example><code>
/// public static TheoryData&lt;string> Rules => [.. StrategyContract.Rules];
///
/// [Theory, MemberData(nameof(Rules))]
/// public void My_packer_keeps_the_contract(string rule) => StrategyContract.Check(rule, new MyPacker());
/// </code></example>
public static class StrategyContract
{
    /// <summary>Generated cases for each rule that holds for every input.</summary>
    public const int DefaultCases = 100;

    /// <summary>The most items of a generated case, roughly.</summary>
    public const int DefaultMaxItems = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, Action<IPackingStrategy, Draw>> ByName = new()
    {
        ["no items need no bins"] = (strategy, _) => Bins(strategy, PackingProblem.Create(Array.Empty<int>(), 5), 0),
        ["one item of the size of a bin fills it"] = (strategy, _) => Bins(strategy, PackingProblem.Create([7], 7), 1),
        ["items as large as bins stand alone"] = (strategy, _) => Bins(strategy, PackingProblem.Create([9, 9, 9], 9), 3),
        ["items of size zero are packed"] = (strategy, _) => Valid(strategy, PackingProblem.Create([0, 0, 0, 0, 0], 1)),
        ["equal items are packed"] = (strategy, _) => Valid(strategy, PackingProblem.Create([3, 3, 3, 3, 3, 3, 3], 10)),
        ["totals up to the largest long are packed"] = (strategy, _) =>
        {
            Valid(strategy, PackingProblem.Create([long.MaxValue / 2, long.MaxValue / 2, 1], long.MaxValue / 2));
            Valid(strategy, PackingProblem.Create([long.MaxValue - 1, 1], long.MaxValue));
        },
        ["a missing problem is named"] = (strategy, _) => Named<ArgumentNullException>("problem", () => strategy.Pack(null!)),
        ["bad arguments of a plan are named"] = (strategy, _) => BadPlansAreNamed(strategy),
        ["a cancelled token stops it"] = (strategy, _) => Throws<OperationCanceledException>(
            () => strategy.Pack(PackingProblem.Create([1], 1), progress: null, new CancellationToken(canceled: true))),
        ["a token cancelled during the work ends it soon"] = (strategy, _) => EndsSoon(strategy),
        ["a progress that throws is heard or never asked"] = (strategy, _) => ProgressThatThrows(strategy),
        ["results name the strategy and know the problem"] = (strategy, _) => NamesAndKnows(strategy),
        ["packings are valid"] = (strategy, draw) => draw.Mixed(
            input => Valid(strategy, (input with { Limits = input.Capacity }).ToProblem())),
        ["item limits are kept"] = (strategy, draw) => draw.Limited(input => Valid(strategy, input.ToProblem())),
        ["bounds are at most the number of bins"] = (strategy, draw) => draw.Mixed(input => BoundIsWithinBins(strategy, input)),
        ["bounds are at most the optimum"] = (strategy, draw) => draw.WithOptimum(
            (input, optimum) => BoundIsWithinOptimum(strategy, input, optimum)),
        ["optimal is said only when true"] = (strategy, draw) => draw.WithOptimum(
            (input, optimum) => OptimalIsTrue(strategy, input, optimum)),
        ["a plan gives the packing"] = (strategy, draw) => draw.Mixed(input => PlanGivesPacking(strategy, input)),
        ["span overloads give the packing"] = (strategy, draw) => SpansGivePacking(strategy, draw),
        ["the same input gives the same packing"] = (strategy, draw) => draw.Mixed(input => IsDeterministic(strategy, input)),
        ["every thread gets the same packing"] = (strategy, draw) => draw.Few.Mixed(input => SameOnEveryThread(strategy, input)),
    };

    /// <summary>The names of the rules.</summary>
    public static IReadOnlyList<string> Rules { get; } = [.. ByName.Keys];

    /// <summary>Holds a strategy to one rule.</summary>
    /// <param name="rule">One of <see cref="Rules"/>. Those on plans and span overloads hold for strategies that have none.</param>
    /// <param name="strategy">The strategy. Its span overloads, being static, must be those of an instance with its options.</param>
    /// <param name="cases">
    /// Generated cases, at least 1, for rules that hold for every input. Where the optimum must be known, as many of at most nine items,
    /// for brute force, and as many that were cut from full bins.
    /// </param>
    /// <param name="maxItems">Roughly the most items of a generated case, at least 1; fewer for strategies that search long.</param>
    /// <exception cref="ArgumentException">There is no such rule, or a number is below 1.</exception>
    /// <exception cref="ContractException">
    /// The strategy breaks the rule; the inner exception is what it threw or what the check found.
    /// </exception>
    public static void Check(string rule, IPackingStrategy strategy, int cases = DefaultCases, int maxItems = DefaultMaxItems)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, 1);
        if (!ByName.TryGetValue(rule, out var check))
            throw new ArgumentException($"There is no rule '{rule}'.", nameof(rule));
        try
        {
            check(strategy, new Draw(cases, maxItems));
        }
        catch (Exception broken)
        {
            var cause = broken is ContractException { InnerException: { } thrown } ? thrown : broken;
            throw new ContractException($"'{strategy.Id}' breaks the rule '{rule}'. {broken.Message}", cause);
        }
    }

    private static PackingResult Valid(IPackingStrategy strategy, PackingProblem problem)
    {
        try
        {
            return Valid(strategy.Pack(problem), problem);
        }
        catch (Exception thrown) when (thrown is not ContractException)
        {
            throw new ContractException($"It throws on {Sizes(problem)}: {thrown.Message}", thrown);
        }
    }

    private static string Sizes(PackingProblem problem)
    {
        var sizes = Enumerable.Range(0, Math.Min(problem.ItemCount, 100)).Select(item => problem[item]);
        return $"[{string.Join(", ", sizes)}] in bins of {problem.Limits}";
    }

    private static PackingResult Valid(PackingResult result, PackingProblem problem)
    {
        Require(result?.Packing is not null, $"There is no {(result is null ? "result" : "packing in the result")} for {Sizes(problem)}.");
        var violations = PackingValidator.Validate(problem, result!.Packing);
        Require(violations.Count == 0, $"The packing of {Sizes(problem)} is not valid: {string.Join("; ", violations)}");
        return result;
    }

    private static void Bins(IPackingStrategy strategy, PackingProblem problem, int bins)
    {
        var result = Valid(strategy, problem);
        Require(result.BinCount == bins, $"{problem} need {bins} bins, not {result.BinCount}.");
    }

    private static void BoundIsWithinBins(IPackingStrategy strategy, PackingCase input)
    {
        var result = strategy.Pack(input.ToProblem());
        Require(result.Bound.Bins <= result.BinCount, $"The bound {result.Bound} is above the {result.BinCount} bins.");
    }

    private static void BoundIsWithinOptimum(IPackingStrategy strategy, PackingCase input, int optimum)
    {
        var result = strategy.Pack(input.ToProblem());
        Require(result.Bound.Bins <= optimum, $"The bound {result.Bound} is above the optimum {optimum}.");
    }

    private static void OptimalIsTrue(IPackingStrategy strategy, PackingCase input, int optimum)
    {
        var result = strategy.Pack(input.ToProblem());
        var isSaid = result.Status == PackingStatus.Optimal || result.StopReason == StopReason.BoundReached;
        Require(!isSaid || result.BinCount <= optimum, $"{result.BinCount} bins are said to be optimal, which is {optimum}.");
    }

    private static IPlanningStrategy? Planner(IPackingStrategy strategy) =>
        strategy is IPlanningStrategy planner and not BestOf { CanPlan: false } ? planner : null;

    private static void PlanGivesPacking(IPackingStrategy strategy, PackingCase input)
    {
        if (Planner(strategy) is not { } planner)
            return;
        var problem = input.ToProblem();
        var (planned, packed) = (planner.Plan(problem.Histogram, problem.Limits), planner.Pack(problem));
        PackingPlan.FromPlacements(problem.Histogram, problem.Limits, planned.Plan.Placements.ToArray()); // checks in full
        Require(planned.Plan.Deal(problem).Equals(packed.Packing), "The plan, dealt, is not the packing.");
        Require(planned.Bound.Bins == packed.Bound.Bins, $"The plan's bound is {planned.Bound}, the packing's {packed.Bound}.");
    }

    private static void BadPlansAreNamed(IPackingStrategy strategy)
    {
        if (Planner(strategy) is not { } planner)
            return;
        var histogram = SizeHistogram.Of([3, 9]);
        Named<ArgumentNullException>("histogram", () => planner.Plan(null!, 5));
        Named<ArgumentOutOfRangeException>("limits", () => planner.Plan(histogram, default));
        Named<ArgumentOutOfRangeException>("histogram", () => planner.Plan(histogram, 5));
    }

    private static void SpansGivePacking(IPackingStrategy strategy, Draw draw)
    {
        if (strategy is not ISpanStrategy)
            return;
        // Static members of an interface are called through a type parameter only.
        var check = ((Action<IPackingStrategy, PackingCase>)SpansGivePacking<NextFit>).Method.GetGenericMethodDefinition()
            .MakeGenericMethod(strategy.GetType()).CreateDelegate<Action<IPackingStrategy, PackingCase>>();
        draw.Mixed(input => check(strategy, input));
    }

    private static void SpansGivePacking<TStrategy>(IPackingStrategy strategy, PackingCase input)
        where TStrategy : ISpanStrategy
    {
        var packing = strategy.Pack(input.ToProblem()).Packing;
        var (binOfItem, offsets, items) = (new int[input.Sizes.Length], new int[input.Sizes.Length + 1], new int[input.Sizes.Length]);
        var assigned = TStrategy.Assign<long>(input.Sizes, input.Limits, binOfItem);
        Require(
            assigned == packing.BinCount && packing.BinOfItem.SequenceEqual(binOfItem),
            $"Assign gives other bins ({assigned}) than Pack ({packing.BinCount}).");
        var rows = TStrategy.AssignRows<long>(input.Sizes, input.Limits, offsets, items);
        Require(
            rows == packing.BinCount && packing.BinOffsets.SequenceEqual(offsets.AsSpan(0, rows + 1))
                && packing.ItemIndices.SequenceEqual(items),
            $"AssignRows gives other rows ({rows}) than Pack ({packing.BinCount}).");
    }

    private static void IsDeterministic(IPackingStrategy strategy, PackingCase input) => Require(
        strategy.Pack(input.ToProblem()).Packing.Equals(strategy.Pack(input.ToProblem()).Packing), "Two runs gave two packings.");

    private static void SameOnEveryThread(IPackingStrategy strategy, PackingCase input)
    {
        const int threads = 4;
        var problem = input.ToProblem();
        var expected = strategy.Pack(problem).Packing;
        var differing = 0;
        var others = Enumerable.Range(0, threads).Select(_ => OnThreadOfItsOwn(() => strategy.Pack(problem).Packing)).ToArray();
        foreach (var other in others)
            differing += other.GetAwaiter().GetResult().Equals(expected) ? 0 : 1;
        Require(differing == 0, $"{differing} of {threads} threads got another packing.");
    }

    /// <summary>Cancelled by the first progress report, and by a timer whatever is reported.</summary>
    private static void EndsSoon(IPackingStrategy strategy)
    {
        var problem = CaseShapes.Triplets(new Random(3), 120).Case.ToProblem();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        EndsSoon(strategy, problem, new Cancelling(source), source.Token);
        using var timer = new CancellationTokenSource(TimeSpan.FromMilliseconds(5));
        EndsSoon(strategy, problem, progress: null, timer.Token);
    }

    private static void EndsSoon(
        IPackingStrategy strategy, PackingProblem problem, IProgress<PackingProgress>? progress, CancellationToken token)
    {
        var work = OnThreadOfItsOwn(() => strategy.Pack(problem, progress, token));
        Require(Task.WaitAny([work], Patience) == 0, $"It still works {Patience.TotalSeconds} s after it was started and cancelled.");
        try
        {
            Valid(work.GetAwaiter().GetResult(), problem);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
        }
    }

    private static Task<T> OnThreadOfItsOwn<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Named<TException>(string argument, Action act)
        where TException : ArgumentException
    {
        var refused = Throws<TException>(act);
        Require(refused.ParamName == argument, $"The exception names '{refused.ParamName}', not '{argument}'.");
    }

    private static void ProgressThatThrows(IPackingStrategy strategy)
    {
        var breaking = new Breaking();
        try
        {
            strategy.Pack(PackingProblem.Create([5, 5, 5, 5, 5, 5, 5, 5, 4, 4], 13), breaking);
        }
        catch (BrokenProgressException)
        {
            return;
        }
        Require(!breaking.IsAsked, "What the progress threw was swallowed.");
    }

    private static void NamesAndKnows(IPackingStrategy strategy)
    {
        var problem = PackingProblem.Create([6, 5, 4, 3, 2], 10);
        var result = Valid(strategy, problem);
        Require(ReferenceEquals(result.Problem, problem), $"The result is of {result.Problem}, not of the problem {problem}.");
        Require(result.Strategy == strategy.Id, $"The result names '{result.Strategy}'.");
        Require(result.Elapsed >= TimeSpan.Zero, $"It took {result.Elapsed}.");
    }

    private static TException Throws<TException>(Action act)
        where TException : Exception
    {
        try
        {
            act();
        }
        catch (TException expected)
        {
            return expected;
        }
        throw new ContractException($"No {typeof(TException).Name} was thrown.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new ContractException(message);
    }

    /// <summary>How many cases of what size are drawn.</summary>
    private sealed record Draw(int Cases, int MaxItems)
    {
        /// <summary>For what is dear on each case.</summary>
        public Draw Few => this with { Cases = (Cases + 4) / 5 };

        public void Mixed(Action<PackingCase> holds) => ForAll(Arbitraries.MixedCases(MaxItems), holds);

        public void Limited(Action<PackingCase> holds) => ForAll(Arbitraries.LimitedCases(MaxItems), holds);

        public void WithOptimum(Action<PackingCase, int> holds)
        {
            ForAll(Arbitraries.SmallCases(), small => holds(small.Case, BruteForce.Optimum(small.Case)));
            ForAll(Arbitraries.PlantedCases(MaxItems), planted => holds(planted.Case, planted.Optimum));
        }

        private void ForAll<T>(Arbitrary<T> inputs, Action<T> holds) => FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Cases).WithQuietOnSuccess(true), Prop.ForAll(inputs, holds));
    }

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<PackingProgress>
    {
        public void Report(PackingProgress value) => source.Cancel();
    }

    private sealed class BrokenProgressException : Exception;

    private sealed class Breaking : IProgress<PackingProgress>
    {
        public bool IsAsked { get; private set; }

        public void Report(PackingProgress value)
        {
            IsAsked = true;
            throw new BrokenProgressException();
        }
    }
}
