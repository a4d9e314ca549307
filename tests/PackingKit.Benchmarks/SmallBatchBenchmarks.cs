using BenchmarkDotNet.Attributes;
using PackingKit.Testing;

namespace PackingKit.Benchmarks;

/// <summary>
/// What a serving loop packs at every step; each operation packs one batch. The naive version is first-fit decreasing as its definition
/// reads.
/// </summary>
[MemoryDiagnoser]
public class SmallBatchBenchmarks
{
    private int[] _sizes = [];
    private int[] _bins = [];
    private PackingCase _case = new([], 2048);

    [Params(8, 64, 512)]
    public int Prompts { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _sizes = SequenceLengths.LogNormal(Prompts, 42, 400, 1, 2048);
        _bins = new int[Prompts];
        _case = new PackingCase(Array.ConvertAll(_sizes, size => (long)size), 2048);
    }

    [Benchmark(Baseline = true)]
    public int[] Naive() => NaiveHeuristics.Assign("ffd", _case);

    [Benchmark]
    public int Ffd() => FirstFitDecreasing.Assign<int>(_sizes, 2048, _bins);

    [Benchmark]
    public int Bfd() => BestFitDecreasing.Assign<int>(_sizes, 2048, _bins);

    [Benchmark]
    public int FfInArrivalOrder() => FirstFit.Assign<int>(_sizes, 2048, _bins);

    [Benchmark]
    public int BfInArrivalOrder() => BestFit.Assign<int>(_sizes, 2048, _bins);
}
