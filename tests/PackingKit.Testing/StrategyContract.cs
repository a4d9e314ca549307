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

    private static readonly Dictionary<string, Action<IPackingStrategy, int>> ByName = new()
    {
        ["no items need no bins"] = (strategy, _) => Bins(strategy, PackingProblem.Create(Array.Empty<int>(), 5), 0),
        ["one item of the size of a bin fills it"] = (strategy, _) => Bins(strategy, PackingProblem.Create([7], 7), 1),
        ["items as large as bins stand alone"] = (strategy, _) => Bins(strategy, PackingProblem.Create([9, 9, 9], 9), 3),
        ["items of size zero are packed"] = (strategy, _) =>
            Valid(strategy, PackingProblem.Create([0, 0, 0, 0, 0], new BinLimits(1, maxItems: 2))),
        ["equal items are packed"] = (strategy, _) => Valid(strategy, PackingProblem.Create([3, 3, 3, 3, 3, 3, 3], 10)),
        ["totals up to the largest long are packed"] = (strategy, _) =>
        {
            Valid(strategy, PackingProblem.Create([long.MaxValue / 2, long.MaxValue / 2, 1], long.MaxValue / 2));
            Valid(strategy, PackingProblem.Create([long.MaxValue - 1, 1], long.MaxValue));
        },
        ["a missing problem is named"] = (strategy, _) => MissingProblemIsNamed(strategy),
        ["a cancelled token stops it"] = (strategy, _) => Throws<OperationCanceledException>(
            () => strategy.Pack(PackingProblem.Create([1], 1), progress: null, new CancellationToken(canceled: true))),
        ["a progress that throws is heard or never asked"] = (strategy, _) => ProgressThatThrows(strategy),
        ["results name the strategy and know the problem"] = (strategy, _) => NamesAndKnows(strategy),
        ["packings are valid"] = (strategy, cases) => ForAll(cases, input => Valid(strategy, input.ToProblem())),
        ["bounds are at most the optimum"] = (strategy, cases) => ForAll(cases, input => BoundHolds(strategy, input)),
        ["a plan gives the packing"] = (strategy, cases) => ForAll(cases, input => PlanGivesPacking(strategy, input)),
        ["the same input gives the same packing"] = (strategy, cases) => ForAll(cases, input => IsDeterministic(strategy, input)),
        ["every thread gets the same packing"] = (strategy, _) => SameOnEveryThread(strategy),
    };

    /// <summary>The names of the rules.</summary>
    public static IReadOnlyList<string> Rules { get; } = [.. ByName.Keys];

    /// <summary>Holds a strategy to one rule.</summary>
    /// <param name="rule">One of <see cref="Rules"/>.</param>
    /// <param name="strategy">The strategy. Cases are of at most nine items, so that brute force knows the optimum.</param>
    /// <param name="cases">Generated cases, at least 1, for rules that hold for every input.</param>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    /// <exception cref="ContractException">The strategy breaks the rule.</exception>
    public static void Check(string rule, IPackingStrategy strategy, int cases = DefaultCases)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        if (!ByName.TryGetValue(rule, out var check))
            throw new ArgumentException($"There is no rule '{rule}'.", nameof(rule));
        try
        {
            check(strategy, cases);
        }
        catch (Exception broken)
        {
            throw new ContractException($"'{strategy.Id}' breaks the rule '{rule}'. {broken.Message}");
        }
    }

    private static void ForAll(int cases, Action<PackingCase> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true),
        Prop.ForAll(Arbitraries.SmallCases(), small => holds(small.Case)));

    private static PackingResult Valid(IPackingStrategy strategy, PackingProblem problem)
    {
        var result = strategy.Pack(problem);
        var violations = PackingValidator.Validate(problem, result);
        Require(violations.Count == 0, $"The packing of {problem} is none: {string.Join("; ", violations)}");
        return result;
    }

    private static void Bins(IPackingStrategy strategy, PackingProblem problem, int bins)
    {
        var result = Valid(strategy, problem);
        Require(result.BinCount == bins, $"{problem} need {bins} bins, not {result.BinCount}.");
    }

    private static void BoundHolds(IPackingStrategy strategy, PackingCase input)
    {
        var (result, optimum) = (strategy.Pack(input.ToProblem()), BruteForce.Optimum(input));
        Require(result.Bound.Bins <= optimum, $"The bound {result.Bound} is above the optimum {optimum}.");
        Require(result.BinCount >= optimum, $"{result.BinCount} bins are fewer than the optimum {optimum}.");
        Require(
            result.Status != PackingStatus.Optimal || result.BinCount == optimum,
            $"{result.BinCount} bins are said to be optimal, which is {optimum}.");
    }

    private static void PlanGivesPacking(IPackingStrategy strategy, PackingCase input)
    {
        var problem = input.ToProblem();
        if (strategy is not IPlanningStrategy planner || planner is BestOf { CanPlan: false })
            return;
        var (planned, packed) = (planner.Plan(problem.Histogram, problem.Limits), planner.Pack(problem));
        PackingPlan.FromPlacements(problem.Histogram, problem.Limits, planned.Plan.Placements.ToArray()); // checks in full
        Require(planned.Plan.Deal(problem).Equals(packed.Packing), "The plan, dealt, is not the packing.");
        Require(planned.Bound.Bins == packed.Bound.Bins, $"The plan's bound is {planned.Bound}, the packing's {packed.Bound}.");
    }

    private static void IsDeterministic(IPackingStrategy strategy, PackingCase input) => Require(
        strategy.Pack(input.ToProblem()).Packing.Equals(strategy.Pack(input.ToProblem()).Packing), "Two runs gave two packings.");

    private static void SameOnEveryThread(IPackingStrategy strategy)
    {
        var problem = CaseShapes.LogNormal(new Random(3), 40).ToProblem();
        var expected = strategy.Pack(problem).Packing;
        var differing = 0;
        Parallel.For(0, 8, _ => Interlocked.Add(ref differing, strategy.Pack(problem).Packing.Equals(expected) ? 0 : 1));
        Require(differing == 0, $"{differing} of 8 threads got another packing.");
    }

    private static void MissingProblemIsNamed(IPackingStrategy strategy)
    {
        var refused = Throws<ArgumentNullException>(() => strategy.Pack(null!));
        Require(refused.ParamName == "problem", $"The exception names '{refused.ParamName}', not 'problem'.");
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
