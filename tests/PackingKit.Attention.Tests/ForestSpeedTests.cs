using PackingKit.Samples.Models;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using PackingKit.Samples.Prefill.Prompts;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>
/// The figures of docs/prefixes.md on the CPU, in processor time of one thread, in turn, the least of several. Timings: they run only when
/// asked for, with -explicit only.
/// </summary>
public sealed class ForestSpeedTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Shared_keys_are_read_once_instead_of_gathered_for_every_node()
    {
        set_num_threads(1);
        using var gradients = inference_mode();
        var shape = new AttentionShape(2, 1, 128, ScalarType.Float32);
        foreach (var root in (int[])[8, 64, 256, 1024])
            foreach (var (leaves, length) in ((int, int)[])[(2, 64), (8, 64), (32, 64), (64, 1)])
            {
                using var scope = NewDisposeScope();
                using var batch = new ForestCase([root, .. Enumerable.Repeat(length, leaves)], [-1, .. new int[leaves]]).Batch();
                var (q, k, v) = PackedAttentionTests.Inputs(batch.Layout.SlotCount, shape);
                var keys = KeyLayout.Of(batch.Layout);
                var seen = new KeyIntervals(batch.Layout, keys, Visibility.Causal, window: null);
                using var cascade = new CascadeAttention(batch, keys, shape, seen);
                using var gathered = new SegmentAttention(batch, keys, shape, seen, SegmentAttention.LikeLengths);
                var times = InTurn(9, () => Attend(cascade), () => Attend(gathered));
                output.WriteLine($"{root} tokens under {leaves} of {length}: {times[0] / times[1]:F2} of gathering");

                void Attend(AttentionPlan plan)
                {
                    using var inner = NewDisposeScope();
                    for (var i = 0; i < 4; i++)
                        plan.Attend(q, k, v);
                }
            }
    }

    [Fact(Explicit = true)]
    public void Runs_of_sixteen_pay()
    {
        set_num_threads(1);
        using var gradients = inference_mode();
        using var model = Tiny();
        var random = new Random(1);
        foreach (var group in (int[])[2, 4])
            foreach (var run in (int[])[2, 4, 8, 16, 32, 64])
            {
                var prompts = new List<int[]>();
                while (prompts.Count < 64)
                {
                    var shared = Tokens(random, run);
                    for (var i = 0; i < group; i++)
                        prompts.Add([.. shared, .. Tokens(random, random.Next(40, 81))]);
                }
                var times = InTurn(7, () => Run(minShared: 1), () => Run(minShared: run + 1));
                output.WriteLine($"{run} tokens that {group} prompts share: {times[0] / times[1]:F2} of giving them to each");
                Assert.True(run < PackedPasses.MinShared || times[0] <= times[1]);

                void Run(int minShared)
                {
                    var forest = PrefixForest.FromTokens(prompts, minShared);
                    var pass = new ModePass(new PackedPass([.. Enumerable.Range(0, prompts.Count)], forest));
                    PrefillRun.Execute(model, pass, [.. prompts]).Dispose();
                }
            }
    }

    [Fact(Explicit = true)]
    public void Saved_tokens_are_saved_time()
    {
        set_num_threads(1);
        using var gradients = inference_mode();
        using var model = Tiny();
        foreach (var (tasks, size) in ((int, int)[])[(1, 16), (1, 64), (4, 64), (16, 128)])
        {
            var batches = PromptSets.Read("bbh", tasks, maxLength: 4096).Batches(4, size, model.Shape.Vocabulary, seed: 0);
            var (tokens, distinct, whole, shared) = (0L, 0L, 0.0, 0.0);
            foreach (var batch in batches)
            {
                var forest = PrefixForest.FromTokens(batch, PackedPasses.MinShared);
                (tokens, distinct) = (tokens + forest.TokenCount, distinct + forest.DistinctTokenCount);
                var times = InTurn(4, () => Run(batch, "varlen"), () => Run(batch, "shared"));
                (whole, shared) = (whole + times[0], shared + times[1]);
            }
            var (fewer, faster) = ((double)tokens / distinct, whole / shared);
            output.WriteLine($"{size} prompts of {tasks} tasks: tokens / {fewer:F2}, time / {faster:F2}: {faster / fewer:F2}");
            Assert.True(faster >= 0.8 * fewer);
        }

        void Run(int[][] prompts, string mode) => PrefillRun.Execute(
            model, PrefillMode.Named(mode), prompts, new ModeSettings(new BestFitDecreasing(), null, null)).Dispose();
    }

    [Fact(Explicit = true)]
    public void Embeddings_of_texts_that_begin_alike_take_less()
    {
        set_num_threads(1);
        using var gradients = inference_mode();
        var weights = new[] { (Letters.VocabularySize, 256), (256, 768), (256, 1024), (1024, 256) }
            .Select(size => randn(size.Item1, size.Item2).mul(0.05)).ToArray();
        var shape = new AttentionShape(4, 4, 64, ScalarType.Float32);
        foreach (var (instruction, tail) in ((int, int)[])[(0, 60), (16, 60), (64, 60), (300, 60)])
        {
            var before = Letters.Text(instruction, 1);
            string[] texts = [.. Enumerable.Range(0, 64).Select(text => Words(before + Letters.Text(tail, text + 2)))];
            var options = new PackedEmbeddingOptions { Pooling = EmbeddingPooling.Last };
            using var whole = new PackedEmbeddingGenerator(Letters.Plain(), Encode, options);
            using var shared = new PackedEmbeddingGenerator(Letters.Plain(), Encode, options with { SharesBeginnings = true });
            var times = InTurn(5, () => Run(whole), () => Run(shared));
            output.WriteLine($"{instruction} tokens before 64 texts of {tail}: {times[1] / times[0]:F2} of the time of whole texts");

            void Run(PackedEmbeddingGenerator generator) => generator.GenerateAsync(texts).GetAwaiter().GetResult();
        }

        static string Words(string letters) => string.Join(' ', letters.Chunk(5).Select(word => new string(word)));

        Tensor Encode(PackedBatch batch)
        {
            set_num_threads(1);
            var hidden = weights[0].index_select(0, batch.InputIds.flatten());
            using var attention = PackedAttention.Plan(batch, shape);
            for (var layer = 0; layer < 4; layer++)
            {
                var parts = hidden.matmul(weights[1]).view(-1, 12, 64).chunk(3, 1);
                hidden = hidden + attention.Forward(parts[0], parts[1], parts[2]).flatten(1);
                hidden = hidden + hidden.matmul(weights[2]).relu().matmul(weights[3]);
            }
            return hidden;
        }
    }

    private static LlamaModel Tiny() =>
        new(LlamaWeights.Random(LlamaShape.Named("tiny"), 0, CPU, ScalarType.Float32), maxPositions: 4200);

    private static int[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(32_000))];

    /// <summary>The least processor time of each, in milliseconds, one after the other in every round.</summary>
    private static double[] InTurn(int rounds, params Action[] steps)
    {
        var least = Array.ConvertAll(steps, _ => double.MaxValue);
        for (var round = 0; round <= rounds; round++)
            for (var step = 0; step < steps.Length; step++)
            {
                var before = Environment.CpuUsage.TotalTime;
                steps[step]();
                if (round > 0) // the first warms up
                    least[step] = Math.Min(least[step], (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            }
        return least;
    }
}
