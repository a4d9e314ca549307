using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// Problems with known answers from textbooks and from the tests of other solvers. Numbers only; where they are from stands beside them.
/// </summary>
public class PublishedCaseTests
{
    /// <summary>V. Chvátal, Linear Programming, 1983, chapter 13: 1,313 finals from raws of 100; also in GAMS' model library.</summary>
    [Fact]
    public void Chvatal_s_paper_mill_needs_453_raws()
    {
        var result = new ExactPacking().Plan(SizeHistogram.FromCounts([new(45, 97), new(36, 610), new(31, 395), new(14, 211)]), 100);
        Assert.Equal((453L, 453L), (result.BinCount, result.Bound.Bins));
    }

    /// <summary>Tests of bin completion in prtpy (coin-or/prtpy, MIT). Items of size 0 need no bin there and are left out here.</summary>
    [Theory]
    [InlineData(1, 5, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(1, 10, new[] { 10 })]
    [InlineData(1, 15, new[] { 1, 2, 3, 4, 5 })]
    [InlineData(2, 25, new[] { 11, 22 })]
    [InlineData(5, 100, new[] { 99, 99, 99, 99, 99 })]
    [InlineData(1, 100, new[] { 3, 9, 12, 15 })]
    [InlineData(3, 100, new[] { 99, 90, 60, 30, 10 })]
    [InlineData(7, 100, new[] { 100, 99, 98, 97, 96, 95, 94, 1, 2, 3, 4, 5, 6 })]
    [InlineData(2, 100, new[] { 5, 11, 14, 39, 42, 81 })]
    [InlineData(
        11, 100, new[] { 100, 98, 96, 93, 91, 87, 81, 59, 58, 55, 50, 43, 22, 21, 20, 15, 14, 10, 8, 6, 5, 4, 3, 1 })]
    public void Prtpy_s_cases(int optimum, int capacity, int[] sizes) => IsOptimum(optimum, sizes, capacity);

    /// <summary>
    /// Tests of one-dimensional packing in PackingSolver (fontanf/packingsolver, MIT): single bin type, incompatible items, copies across
    /// bins, lengths over half the capacity; and weights or another resource beside lengths.
    /// </summary>
    [Fact]
    public void PackingSolver_s_cases()
    {
        IsOptimum(2, [6, 6, 4, 4], 10);
        IsOptimum(2, [6, 8], 10);
        IsOptimum(2, [3, 3, 3, 3], 10);
        IsOptimum(3, [6, 6, 6], 10);
        IsOptimum(2, ConstrainedProblem.Create([10, 5, 10, 5, 10, 5], [100, 10]));
    }

    /// <summary>
    /// Tests of the arc-flow solver for vector packing in OR-Tools (google/or-tools, Apache 2.0), those that ask for the fewest bins of all
    /// items: by default, with as many bins as are too few, with a most number of copies in a bin (a resource of its own).
    /// </summary>
    [Fact]
    public void OrTools_cases_of_vector_packing()
    {
        IsOptimum(5, ConstrainedProblem.Create([.. Copies(5, 1, 1), .. Copies(10, 2, 0)], [5, 2]));
        var tooMany = new ConstrainedExact().Pack(ConstrainedProblem.Create([.. Copies(6, 1, 1), .. Copies(10, 2, 0)], [5, 2]));
        Assert.True(tooMany.Bound.Bins > 5); // "infeasible" in five bins
        IsOptimum(3, ConstrainedProblem.Create([.. Copies(6, 1, 1), 2, 0], [5, 2]));
    }

    /// <summary>
    /// The 60 sizes of OR-Tools' file BPPC_5_0_10.vbp, one item each: a triplet problem of Falkenauer, cut from 20 full bins of 1,000, and
    /// as class 5 without conflicts in the problems of Muritiba, Iori, Malaguti and Toth (INFORMS J. Computing 22, 2010).
    /// </summary>
    [Fact]
    public void A_triplet_problem_of_the_benchmark_with_conflicts()
    {
        int[] sizes =
        [
            351, 258, 391, 359, 259, 382, 376, 308, 316, 445, 275, 280, 426, 276, 298, 468, 259, 273, 453, 258, 289, 443, 253,
            304, 380, 261, 359, 377, 304, 319, 483, 254, 263, 451, 261, 288, 373, 263, 364, 417, 276, 307, 363, 294, 343, 442,
            254, 304, 412, 256, 332, 369, 262, 369, 429, 252, 319, 397, 266, 337,
        ];
        Assert.Equal(20 * 1000, sizes.Sum());
        IsOptimum(20, sizes, 1000);
    }

    /// <summary>
    /// The vectors of the "medium" test of OR-Tools' arc-flow graphs, and the sizes of its "large" one: Falkenauer's u120_00, optimum 48 in
    /// BPPLIB. Of the vectors no answer is published; 7 follows from the first resource.
    /// </summary>
    [Fact]
    public void Graphs_of_the_arc_flow_tests()
    {
        long[] vectors =
        [
            359, 225, 353, 388, 334, 236, 333, 396, 313, 169, 306, 123, 303, 314, 301, 105, 298, 131, 285, 367, 281, 109, 272,
            297, 249, 123, 232, 175, 232, 105, 229, 343, 203, 315, 191, 334, 160, 182, 139, 110, 137, 132, 136, 220, 135, 132,
            125, 111, 113, 166,
        ];
        IsOptimum(7, ConstrainedProblem.Create(vectors, [1000, 1000]));
        int[] sizes =
        [
            98, 98, 98, 96, 96, 94, 93, 93, 92, 91, 91, 90, 87, 86, 85, 85, 84, 84, 84, 84, 84, 83, 83, 82, 82, 81, 80, 80, 80,
            79, 79, 78, 78, 78, 78, 76, 74, 74, 73, 73, 73, 73, 72, 71, 70, 70, 70, 69, 69, 69, 67, 66, 64, 62, 62, 60, 60, 59,
            58, 58, 58, 57, 57, 57, 57, 55, 55, 55, 50, 49, 49, 49, 47, 46, 46, 45, 45, 44, 44, 43, 43, 43, 43, 42, 42, 42, 42,
            42, 41, 41, 41, 39, 39, 38, 38, 38, 37, 36, 36, 36, 35, 33, 33, 33, 32, 32, 30, 30, 30, 29, 28, 27, 27, 26, 25, 25,
            24, 23, 23, 20,
        ];
        IsOptimum(48, sizes, 150);
    }

    private static IEnumerable<long> Copies(int count, long first, long second) =>
        Enumerable.Repeat(new[] { first, second }, count).SelectMany(sizes => sizes);

    /// <summary>By the plain search and by the one with rules, which has none to keep.</summary>
    private static void IsOptimum(int optimum, int[] sizes, int capacity)
    {
        var problem = PackingProblem.Create(sizes, capacity);
        var result = new ExactPacking().Pack(problem);
        Assert.Equal((optimum, (long)optimum), (result.BinCount, result.Bound.Bins));
        IsOptimum(optimum, ConstrainedProblem.Of(problem));
    }

    private static void IsOptimum(int optimum, ConstrainedProblem problem)
    {
        var result = new ConstrainedExact().Pack(problem);
        Assert.Equal((optimum, (long)optimum, ConstrainedStatus.Optimal), (result.BinCount, result.Bound.Bins, result.Status));
        Assert.NotEqual(CertificateStatus.Refused, ConstrainedChecker.Check(result).Status);
    }
}
