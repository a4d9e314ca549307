namespace PackingKit.Mutation;

/// <summary>What is mutated together, and the tests that judge it.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Has">Whether a file of src belongs to it.</param>
/// <param name="Stages">Filters of xunit's: what finds most in little time comes first.</param>
internal sealed record Scope(string Name, Predicate<string> Has, string[] Stages)
{
    private static readonly Scope[] All =
    [
        new(
            "Heuristics", file => file.StartsWith("Heuristics/", StringComparison.Ordinal),
            [
                Classes("AlgorithmEquivalence", "SumOfSquares", "Harmonic", "MinimumBinSlack", "ModifiedFirstFit", "Heuristic", "Planning"),
                Classes("NaiveEquivalence", "Definition", "Cancellation"),
                Classes("StrategyContract", "AnyFit", "Guarantee", "ItemDealer"),
                Classes("SpanOverload", "Allocation", "HostileArgument"),
            ]),
        new(
            "Bounds", file => file.StartsWith("Bounds/", StringComparison.Ordinal),
            [Classes("LowerBounds", "DualFeasibleBound", "EquivalentSizes"), Classes("BppLib", "ReducedProblem")]),
        new(
            "Dealing", file => file.StartsWith("Dealing/", StringComparison.Ordinal),
            [Classes("ItemDealer", "ShardDealing", "PackingPlan"), Classes("AlgorithmEquivalence", "NaiveEquivalence", "Packing")]),
        new(
            "Validation", file => file is "Quality/PackingValidator.cs" or "PlanChecks.cs" or "SizeChecks.cs" or "Require.cs",
            [
                Classes("PackingValidator", "PackingPlan", "PackingProblem", "Packing", "SizeHistogram"),
                Classes("FromReal", "SpanOverload", "ShardDealing"),
            ]),
    ];

    public static Scope Named(string name) => Array.Find(All, scope => scope.Name == name)
        ?? throw new ArgumentException($"There is no {name}, only {string.Join(", ", All.Select(scope => scope.Name))}.", nameof(name));

    private static string Classes(params string[] names) => string.Join(' ', names.Select(name => $"-class *.{name}Tests"));
}
