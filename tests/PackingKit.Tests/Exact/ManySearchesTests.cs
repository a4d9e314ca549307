using System.Runtime.InteropServices;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Many searches in one process, one after the other and at once; alone on the machine, for memory is the process's.</summary>
[Trait("speed", "slow")]
[Collection<ManySearches>]
public class ManySearchesTests
{
    /// <summary>A collection that runs beside no other.</summary>
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class ManySearches;

    [Fact]
    public void Hundreds_at_once_are_each_as_alone()
    {
        var problems = Enumerable.Range(0, 300).Select(Draw).ToArray();
        var alone = Array.ConvertAll(problems, Solve);
        var together = new string[problems.Length];
        var threads = new ParallelOptions { MaxDegreeOfParallelism = 2 * Environment.ProcessorCount };
        Parallel.For(0, problems.Length, threads, i => together[i] = Solve(problems[i]));
        Assert.Equal(alone, together);
        Assert.InRange(alone.Count(answer => answer.Contains(BoundRule.BranchAndPrice, StringComparison.Ordinal)), 50, 150);
    }

    [Fact]
    public void Native_memory_is_flat()
    {
        if (NativeBytes() is null)
            Assert.Skip("There is no glibc here, which counts.");
        SolveAll(100);
        var before = NativeBytes();
        SolveAll(1000);
        // The runtime's own compiler takes some megabytes for a while; linear programs that were never freed took 40.
        Assert.InRange(NativeBytes()!.Value - before!.Value, long.MinValue, 16 << 20);
    }

    /// <summary>Triplets without waste, uniform sizes, and what only a tree proves, in turn.</summary>
    private static PackingProblem Draw(int seed)
    {
        var random = new Random(seed);
        return (seed % 3) switch
        {
            0 => PackingProblem.Create(Triplets(random, random.Next(8, 16), 1000), 1000),
            1 => PackingProblem.Create([.. Enumerable.Range(0, 40).Select(_ => (long)random.Next(20, 101))], 150),
            _ => PackingProblem.Create(
                [.. RefutationTests.Gapped.Histogram.Pairs().SelectMany(pair => Enumerable.Repeat(40 * pair.Size, (int)pair.Count)),
                    .. Triplets(random, 4, 1080)],
                1080),
        };
    }

    private static long[] Triplets(Random random, int bins, int capacity) => [.. Enumerable.Range(0, bins).SelectMany(_ =>
    {
        var first = random.Next(38 * capacity / 100, 49 * capacity / 100);
        var second = random.Next(capacity / 4, (capacity - first) / 2);
        return (long[])[first, second, capacity - first - second];
    })];

    /// <summary>All that a search answers but the time it took.</summary>
    private static string Solve(PackingProblem problem)
    {
        var result = new ExactPacking().Pack(problem);
        return $"{string.Join(' ', result.Packing.BinOfItem.ToArray())} {CertificateJson.Write(PackingCertificate.Of(result))}";
    }

    private static void SolveAll(int count) => Parallel.For(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i => Solve(Draw(i)));

    /// <summary>Bytes that native code has allocated and not freed, in heaps and mapped; nothing where there is no such count.</summary>
    private static long? NativeBytes()
    {
        try
        {
            var info = MallInfo2();
            return (long)(info.InHeaps + info.Mapped);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Allocated MallInfo2();

    /// <summary>The C library's <c>struct mallinfo2</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Allocated
    {
        private readonly nuint _arena, _freeChunks, _fastBins, _mappedChunks;

        public readonly nuint Mapped;

        private readonly nuint _maxAllocated, _fastBinBytes;

        public readonly nuint InHeaps;

        private readonly nuint _freeBytes, _releasable;
    }
}
