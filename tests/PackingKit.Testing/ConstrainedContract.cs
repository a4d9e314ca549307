using FsCheck;
using FsCheck.Fluent;

namespace PackingKit.Testing;

/// <summary>
/// What every strategy for several resources and rules promises, as rules with names, like <see cref="StrategyContract"/>. Counterexamples
/// are shrunk; optima are by brute force on cases of at most eight items.
/// </summary>
public static class ConstrainedContract
{
    /// <summary>Generated cases for each rule that holds for every input.</summary>
    public const int DefaultCases = 200;

    /// <summary>The most items of a generated case.</summary>
    public const int DefaultMaxItems = 40;

    private static readonly Dictionary<string, Action<IConstrainedStrategy, int, int>> ByName = new()
    {
        ["no items need no bins"] = (strategy, _, _) =>
        {
            var result = strategy.Pack(ConstrainedProblem.Create([], [5, 5], new() { MinLoads = [1, 1], MaxClasses = 1 }));
            Require(result.Status == ConstrainedStatus.Optimal && result.BinCount == 0, $"No items give {result}.");
        },
        ["a missing problem is named"] = (strategy, _, _) => Require(
            Throws<ArgumentNullException>(() => strategy.Pack(null!)).ParamName == "problem", "The exception names another argument."),
        ["a cancelled token stops it"] = (strategy, _, _) => Throws<OperationCanceledException>(
            () => strategy.Pack(ConstrainedProblem.Create([1], [1]), new CancellationToken(canceled: true))),
        ["results name the strategy and know the problem"] = (strategy, _, _) =>
        {
            var problem = ConstrainedProblem.Create([4, 6, 4, 1], [8, 8]);
            var result = strategy.Pack(problem);
            Require(result.Strategy == strategy.Id && ReferenceEquals(result.Problem, problem), $"{result.Strategy}, {result.Problem}");
        },
        ["sizes up to the largest long are packed"] = (strategy, _, _) =>
        {
            const long half = long.MaxValue / 2;
            var result = strategy.Pack(ConstrainedProblem.Create([half, 1, half, 1, 1, 1], [half, long.MaxValue]));
            Require(result.HasPacking && ConstrainedChecker.Check(result).Status == CertificateStatus.Verified, $"{result}");
        },
        ["packings keep every rule"] = (strategy, cases, maxItems) => ForAll(cases, maxItems, input => KeepsRules(strategy, input)),
        ["items that fit no bin are left out, and no others"] = (strategy, cases, maxItems) =>
            ForAll(cases, maxItems, input => LeavesOut(strategy, input)),
        ["without least loads there always is a packing"] = (strategy, cases, maxItems) => ForAll(cases, maxItems, input => Require(
            strategy.Pack((input with { Rules = input.Rules with { MinLoads = [] } }).ToProblem()).HasPacking, "There is none.")),
        ["bounds are at most the number of bins"] = (strategy, cases, maxItems) => ForAll(cases, maxItems, input =>
        {
            var result = strategy.Pack(input.ToProblem());
            Require(!result.HasPacking || result.Gap >= 0, $"{result}");
        }),
        ["bounds are at most the optimum"] = (strategy, cases, _) => ForAllSmall(cases, (input, optimum) =>
        {
            var result = strategy.Pack(input.ToProblem());
            Require(!(result.Bound.Bins > optimum), $"The bound {result.Bound} is above the optimum {optimum}.");
        }),
        ["optimal and infeasible are said only when true"] = (strategy, cases, _) => ForAllSmall(cases, (input, optimum) =>
        {
            var result = strategy.Pack(input.ToProblem());
            Require(result.Status switch
            {
                ConstrainedStatus.Optimal => result.BinCount == optimum,
                ConstrainedStatus.Feasible => result.BinCount >= optimum,
                ConstrainedStatus.Infeasible => optimum is null,
                _ => true,
            }, $"{result}, where the optimum is {(object?)optimum ?? "none"}.");
        }),
        ["the checker refuses no result"] = (strategy, cases, maxItems) => ForAll(cases, maxItems, input =>
        {
            var verdict = ConstrainedChecker.Check(strategy.Pack(input.ToProblem()));
            Require(verdict.Status != CertificateStatus.Refused, verdict.Reason);
        }),
        ["the same input gives the same packing"] = (strategy, cases, maxItems) => ForAll(cases, maxItems, input => Require(
            strategy.Pack(input.ToProblem()).BinOfItem.SequenceEqual(strategy.Pack(input.ToProblem()).BinOfItem),
            "Two runs gave two packings.")),
    };

    /// <summary>The names of the rules.</summary>
    public static IReadOnlyList<string> Rules { get; } = [.. ByName.Keys];

    /// <summary>Holds a strategy to one rule.</summary>
    /// <param name="rule">One of <see cref="Rules"/>.</param>
    /// <param name="strategy">The strategy.</param>
    /// <param name="cases">Generated cases, at least 1, for rules that hold for every input.</param>
    /// <param name="maxItems">The most items of a generated case, at least 1; fewer for strategies that search long.</param>
    /// <exception cref="ArgumentException">There is no such rule, or a number is below 1.</exception>
    /// <exception cref="ContractException">
    /// The strategy breaks the rule; the inner exception is what it threw or what the check found.
    /// </exception>
    public static void Check(string rule, IConstrainedStrategy strategy, int cases = DefaultCases, int maxItems = DefaultMaxItems)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, 1);
        if (!ByName.TryGetValue(rule, out var check))
            throw new ArgumentException($"There is no rule '{rule}'.", nameof(rule));
        try
        {
            check(strategy, cases, maxItems);
        }
        catch (Exception broken)
        {
            throw new ContractException($"'{strategy.Id}' breaks the rule '{rule}'. {broken.Message}", broken);
        }
    }

    private static void KeepsRules(IConstrainedStrategy strategy, ConstrainedCase input)
    {
        var result = strategy.Pack(input.ToProblem());
        if (!result.HasPacking)
            return;
        var bins = Enumerable.Range(0, result.BinCount).Select(bin => result.ItemsOf(bin).ToArray()).ToArray();
        foreach (var bin in bins)
            Require(NaiveConstrained.MayShare(input, bin), $"Items {string.Join(", ", bin)} share a bin.");
        Require(NaiveConstrained.HasMinLoads(input, bins), "A bin has less than its least load.");
        foreach (var part in NaiveConstrained.Parts(input))
            Require(Array.Exists(bins, bin => part.All(bin.Contains)), $"Items {string.Join(", ", part)} are not together.");
    }

    private static void LeavesOut(IConstrainedStrategy strategy, ConstrainedCase input)
    {
        var result = strategy.Pack(input.ToProblem());
        for (var item = 0; item < input.ItemCount; item++)
        {
            var fits = true;
            for (var resource = 0; resource < input.Capacities.Count; resource++)
                fits &= input.SizesOf(item)[resource] <= input.Capacities[resource];
            Require(fits != result.Problem.LeftOut.Contains(item), $"Item {item} is left out or not, wrongly.");
            Require(!result.HasPacking || fits != (result.BinOfItem[item] == ConstrainedResult.NoBin),
                $"Item {item} is in bin {result.BinOfItem[item]}.");
        }
    }

    private static void ForAll(int cases, int maxItems, Action<ConstrainedCase> holds) =>
        Run(Arbitraries.ConstrainedCases(maxItems), cases, holds);

    private static void ForAllSmall(int cases, Action<ConstrainedCase, int?> holds) =>
        Run(Arbitraries.ConstrainedCases(ConstrainedCase.MaxSmallItems), cases, input => holds(input, NaiveConstrained.Optimum(input)));

    private static void Run(Arbitrary<ConstrainedCase> inputs, int cases, Action<ConstrainedCase> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true), Prop.ForAll(inputs, holds));

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
}
