using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What the main types say of themselves, in a debugger and on the console.</summary>
public class DisplayTests
{
    private static readonly PackingResult Result = new BestFitDecreasing().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));

    public static readonly TheoryData<string, object> Displays = new()
    {
        { "bin 1: 3 items", Result.Packing[1] },
        { "bin 0: 1 item", Packing.FromAssignment([0], 1)[0] },
        { "bin 0: 0 items", default(Bin) },
        { "2 bins", Result.Packing.Bins },
        { "0 bins", default(BinSequence) },
        { "2 bins of 5 items", Result.Packing },
        { "1 bin of 1 item", Packing.FromAssignment([0], 1) },
        { "1 bin of 1 item", new BestFitDecreasing().Plan(SizeHistogram.Of([3]), 10).Plan },
        { "1 item of 1 size, 3 in all", SizeHistogram.Of([3]) },
        { "1 item into bins of 10, at most 1 item", PackingProblem.Create([3], new BinLimits(10, 1)) },
        { "2 bins, bound 2 (L1), fill 100.00 %", Result },
        { "2 bins, bound 2 (L1), fill 100.00 %", new[] { 6, 5, 4, 3, 2 }.Pack(size => size, 10) },
        { "1 bin, bound 1 (L1)", new BestFitDecreasing().Plan(SizeHistogram.Of([3]), 10) },
        { "1 bin of 2 x 512", new PackingPattern([new(512, 2)]) },
        { "10 bins of 2 x 512 + 1 x 100", new PackingPattern([new(512, 2), new(100, 1)], 10) },
        { "2048", new BinLimits(2048) },
        { "2048, at most 8 items", new BinLimits(2048, 8) },
        { "no limits", default(BinLimits) },
        { "245 (L2)", new LowerBound(245, "L2") },
        { "no bound", default(LowerBound) },
        { "ffd: first-fit decreasing", PackingStrategies.Find("ffd") },
        { "0 items, 0 of them waiting", new StreamingPacker(new StreamingOptions { Capacity = 10, PoolSize = 4 }) },
    };

    [Theory, MemberData(nameof(Displays))]
    public void A_type_says_what_it_is(string expected, object value)
    {
        Assert.Equal(expected, value.ToString());
        Assert.Equal("{ToString(),nq}", value.GetType().GetCustomAttribute<DebuggerDisplayAttribute>()?.Value);
    }
}
