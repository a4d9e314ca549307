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

    /// <summary>Attention of encoders on one thread, beside what one writes by hand; longest first is how passes are packed.</summary>
    [Theory(Explicit = true)]
    [InlineData(null, false)]
    [InlineData("alpaca_text_llama2_digitised", false)]
    [InlineData("alpaca_text_llama2_digitised", true)]
    [InlineData("lmsys_chat_llama2", false)]
    [InlineData("lmsys_chat_llama2", true)]
    public void Bidirectional_segments_are_as_fast_as_the_better_of_a_mask_and_text_by_text(string? set, bool longestFirst)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        set_num_threads(1);
        int[] lengths = set is null ? [.. Enumerable.Repeat(128, 32)] : new Random(1).GetItems(EncoderSpeedTests.Lengths(set), 32);
        if (longestFirst)
            Array.Sort(lengths, (a, b) => b.CompareTo(a));
        var tokens = lengths.Sum();
        using var batch = PackedBatch.Create<int>(PackedLayout.Flat(lengths), new int[tokens]);
        var shape = new AttentionShape(8, 8, 64, ScalarType.Float32);
        var (q, k, v) = PackedAttentionTests.Inputs(tokens, shape);
        using var attention = PackedAttention.Plan(batch, shape, visibility: Visibility.Bidirectional);
        var segments = batch.SegmentIds.flatten();
        var mask = zeros(tokens, tokens).masked_fill_(segments.unsqueeze(0).ne(segments.unsqueeze(1)), float.NegativeInfinity);

        (string Name, Func<Tensor> Run)[] ways =
        [
            ("ours", () => attention.Forward(q, k, v)), ("text by text", TextByText), ("mask", () => Attend(q, k, v, mask)),
        ];
        var times = new double[ways.Length];
        Array.Fill(times, double.MaxValue);
        for (var round = 0; round < 30; round++) // in turn, and the best of each: others may be working on this machine
            for (var way = 0; way < ways.Length; way++)
                if (way < 2 || round < 2)
                    times[way] = Math.Min(times[way], Milliseconds(ways[way].Run));
        output.WriteLine($"{set ?? "32 of 128"}{(longestFirst ? ", longest first" : "")}, {tokens} tokens: "
            + string.Join(", ", ways.Zip(times, (way, time) => $"{way.Name} {time:F1} ms ({time / times[0]:F2})")));
        Assert.True(times[0] <= 1.1 * Math.Min(times[1], times[2]), "slower than the better of the two");

        Tensor TextByText() => cat([.. batch.Split(q).Zip(batch.Split(k), batch.Split(v)).Select(text =>
            Attend(text.First, text.Second, text.Third, null))]);

        static Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor? mask) => nn.functional.scaled_dot_product_attention(
            q.transpose(0, 1).unsqueeze(0), k.transpose(0, 1).unsqueeze(0), v.transpose(0, 1).unsqueeze(0), mask)
            .squeeze(0).transpose(0, 1);

        static double Milliseconds(Func<Tensor> run)
        {
            using var inner = NewDisposeScope();
            var start = Process.GetCurrentProcess().TotalProcessorTime;
            run();
            return (Process.GetCurrentProcess().TotalProcessorTime - start).TotalMilliseconds;
        }
    }
}
