using System.Diagnostics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

public class SegmentSpeedTests(ITestOutputHelper output)
{
    /// <summary>How many times as fast segments are at least; docs/attention.md quotes it.</summary>
    internal const int MinRatio = 5;

    // A timing: it runs only when asked for, with -explicit only.
    [Fact(Explicit = true)]
    public void Segments_are_at_least_five_times_as_fast_as_the_dense_mask_on_32_prompts_of_128()
    {
        using var scope = NewDisposeScope();
        var lengths = Enumerable.Repeat(128, 32).ToArray();
        using var batch = PackedBatch.Create<int>(PackedLayout.Flat(lengths), new int[4096]);
        var shape = new AttentionShape(8, 8, 64, ScalarType.Float32);
        var (q, k, v) = PackedAttentionTests.Inputs(4096, shape);
        using var segment = PackedAttention.Plan(batch, shape, AttentionKernel.Segment);
        using var dense = PackedAttention.Plan(batch, shape, AttentionKernel.Dense);
        Milliseconds(segment);
        Milliseconds(dense);
        // Side by side, and the best of each: others may be working on this machine.
        var times = Enumerable.Range(0, 3).Select(_ =>
            (Segment: Math.Min(Milliseconds(segment), Milliseconds(segment)), Dense: Milliseconds(dense))).ToArray();
        var (segments, denses) = (times.Min(time => time.Segment), times.Min(time => time.Dense));
        output.WriteLine($"segment {segments:F1} ms, dense {denses:F1} ms: {denses / segments:F1} times as fast");
        Assert.True(denses >= MinRatio * segments, $"segment {segments:F1} ms, dense {denses:F1} ms");

        double Milliseconds(PackedAttention plan)
        {
            var start = Stopwatch.GetTimestamp();
            plan.Forward(q, k, v).Dispose();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }
}
