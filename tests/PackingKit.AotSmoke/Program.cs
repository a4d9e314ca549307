// Published with native AOT, this runs every strategy of the catalogue, checks what it gives and exits with the number of failures:
// dotnet publish tests/PackingKit.AotSmoke -c Release && artifacts/publish/PackingKit.AotSmoke/release_*/PackingKit.AotSmoke
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using PackingKit;

string[] searching = ["cp-sat", "tight", "exact"];
var random = new Random(1);
var failures = 0;

// Twelve bins of three items that fill them to the brim, shuffled: 12 bins, and every search has to prove it.
var full = Enumerable.Range(0, 12)
    .SelectMany(_ => { var a = random.Next(260, 400); var b = random.Next(260, 400); return (int[])[a, b, 1000 - a - b]; }).ToArray();
random.Shuffle(full);
var small = PackingProblem.Create(full, 1000);
var large = PackingProblem.Create(Enumerable.Range(0, 200_000).Select(_ => random.Next(1, 2049)).ToArray(), new BinLimits(2048, 16));

foreach (var id in PackingStrategies.Ids)
{
    var strategy = PackingStrategies.Create(id, new SearchOptions { TimeLimit = TimeSpan.FromSeconds(20) });
    var searches = searching.Contains(id);
    var problem = searches ? small : large;
    Check(id, () =>
    {
        var result = strategy.Pack(problem);
        Require(PackingValidator.Validate(problem, result.Packing).Count == 0, "the packing is not one of the problem");
        Require(result.Bound.Bins <= result.BinCount, "the bound is above the number of bins");
        Require(!searches || (result.Status == PackingStatus.Optimal && result.BinCount == 12), $"{result.BinCount} bins, {result.Status}");
        var record = PackingRecord.FromJson(PackingRecord.Of("-", result).ToJson());
        Require(record.Validate(problem).Count == 0, "the packing did not survive JSON");
        if (result.Plan is { } plan)
            Require(PlanJson.Read(PlanJson.Write(plan)).Placements.SequenceEqual(plan.Placements), "the plan did not survive JSON");
        return $"{result.BinCount} bins, bound {result.Bound.Bins}";
    });
}

Check("span overload", () =>
{
    var bins = new int[full.Length];
    var count = BestFitDecreasing.Assign<int>(full, 1000, bins);
    Require(PackingValidator.Validate(small, Packing.FromAssignment(bins, count)).Count == 0, "the assignment is not a packing");
    return $"{count} bins";
});
Check("metrics", () => $"fill {PackingMetrics.Of(small, new BestFitDecreasing().Pack(small).Packing).Fill:P1}");
Check("calls", () =>
{
    var limits = new EmbeddingCallOptions { MaxTokens = 5, MaxInputs = 2, MaxConcurrency = 2 };
    var packed = new Lengths().UsePacking(text => text.Length, limits);
    var answer = packed.GenerateAsync(["abc", "d", "ef", "ghij"]).GetAwaiter().GetResult();
    Require(answer.Select(embedding => embedding.Vector.Span[0]).SequenceEqual([3f, 1f, 2f, 4f]), "the order is not kept");
    return $"{answer.AdditionalProperties![EmbeddingCallStatistics.Key]}";
});
Check("native code", () => RuntimeFeature.IsDynamicCodeSupported ? "no: this is the ordinary build" : "yes");

return failures;

void Check(string name, Func<string> body)
{
    var clock = Stopwatch.StartNew();
    string outcome;
    try
    {
        outcome = body();
    }
    catch (Exception failure)
    {
        failures++;
        outcome = $"FAILED: {failure.GetType().Name}: {failure.Message}";
    }
    Console.WriteLine($"{name,-12} {outcome} ({clock.Elapsed.TotalMilliseconds:F0} ms)");
}

static void Require(bool holds, string otherwise)
{
    if (!holds)
        throw new InvalidOperationException(otherwise);
}

/// <summary>The length of a text as its vector.</summary>
internal sealed class Lengths : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(
            values.Select(text => new Embedding<float>(new float[] { text.Length }))));

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
