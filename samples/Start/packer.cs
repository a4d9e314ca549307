#:project ../../tests/PackingKit.Testing/PackingKit.Testing.csproj
using PackingKit;
using PackingKit.Testing;

foreach (var rule in StrategyContract.Rules)
    StrategyContract.Check(rule, new MyPacker()); // throws with the smallest input that breaks it
Console.WriteLine("every rule is kept");

internal class MyPacker : IPackingStrategy
{
    public string Id => "mine";

    public PackingResult Pack(PackingProblem problem, IProgress<PackingProgress>? progress, CancellationToken token) =>
        new NextFit().Pack(problem, progress, token) with { Strategy = Id };
}
