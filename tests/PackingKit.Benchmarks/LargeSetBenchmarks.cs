using BenchmarkDotNet.Attributes;

namespace PackingKit.Benchmarks;

/// <summary>Lengths to packing, beside a copy of the lengths: the floor that memory sets.</summary>
[MemoryDiagnoser]
public class LargeSetBenchmarks
{
    private int[] _sizes = [];
    private int[] _copy = [];
    private int[] _offsets = [];
    private int[] _items = [];

    [Params(100_000, 1_000_000, 10_000_000)]
    public int Lengths { get; set; }

    [Params(2048, 8192)]
    public int Capacity { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _sizes = SequenceLengths.LogNormal(Lengths, 42, 400, 1, Capacity);
        (_copy, _offsets, _items) = (new int[Lengths], new int[Lengths + 1], new int[Lengths]);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _sizes.CopyTo(_copy, 0);

    [Benchmark]
    public SizeHistogram Count() => SizeHistogram.Of(_sizes);

    [Benchmark]
    public int BfdAssignment() => BestFitDecreasing.Assign<int>(_sizes, Capacity, _items);

    [Benchmark]
    public int BfdRows() => BestFitDecreasing.AssignRows<int>(_sizes, Capacity, _offsets, _items);

    [Benchmark]
    public int FfdRows() => FirstFitDecreasing.AssignRows<int>(_sizes, Capacity, _offsets, _items);

    [Benchmark]
    public PackingResult BfdPack() => new BestFitDecreasing().Pack(PackingProblem.Borrow(_sizes, Capacity));

    [Benchmark]
    public int NfAssignment() => NextFit.Assign<int>(_sizes, Capacity, _items);

    [Benchmark]
    public int FfAssignment() => FirstFit.Assign<int>(_sizes, Capacity, _items);

    [Benchmark]
    public int BfAssignment() => BestFit.Assign<int>(_sizes, Capacity, _items);
}
