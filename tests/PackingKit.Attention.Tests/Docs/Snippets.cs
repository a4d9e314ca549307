using Microsoft.Extensions.AI;
using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>The code of README.md and docs/ that needs PackingKit.Attention: each region is there as it is here.</summary>
public class Snippets
{
    [Fact]
    public void Prompts_into_rows()
    {
        #region README: ten lines
        int[] lengths = [812, 37, 455, 120, 988, 64, 301, 512, 230, 77]; // tokens of each prompt

        var result = new BestFitDecreasing().Pack(PackingProblem.Create(lengths, 1024));
        Console.WriteLine($"{result.BinCount} rows; no packing has fewer than {result.Bound.Bins}: {result.Status}");

        var layout = PackedLayout.FromPacking(result);
        Console.WriteLine($"{layout.SlotCount} slots instead of {lengths.Length * lengths.Max()}");
        Console.WriteLine(string.Join(' ', layout.CuSeqLens.ToArray()));         // where each prompt begins
        Console.WriteLine(string.Join(' ', layout.LastTokenIndices.ToArray())); // where its next-token logits are
        #endregion
        Assert.Equal((4, 4L, PackingStatus.Optimal), (result.BinCount, result.Bound.Bins, result.Status));
        Assert.Equal(lengths.Sum(), layout.CuSeqLens[^1]);
        Assert.Equal(lengths.Length, layout.LastTokenIndices.Length);
        Assert.InRange(layout.SlotCount, lengths.Sum(), 4 * 1024);
    }

    [Fact]
    public async Task Embeddings_of_many_texts()
    {
        using var encoder = new TinyEncoder();
        var tokenizer = Letters.Bert();
        string[] texts = ["abc abc", "hgf", ""];
        #region embeddings
        using var generator = new PackedEmbeddingGenerator(
            tokenizer,                                   // any Microsoft.ML.Tokenizers tokenizer
            encoder.Packed,                              // your encoder: a packed batch in, hidden states [tokens, dim] out
            new PackedEmbeddingOptions
            {
                TokenBudget = 16_384,                    // tokens of a forward pass
                MaxTokensPerText = 512,                  // what the model was trained for
                LongTexts = LongTextRule.Truncate,       // or Refuse, the default
                Pooling = EmbeddingPooling.Mean,         // or Last, Cls
                Normalize = true,
                Device = torch.CPU,
            });

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(texts);
        #endregion
        Assert.Equal(texts.Length, embeddings.Count);
    }

    [Fact]
    public void One_layer_over_packed_prompts_and_the_next_token()
    {
        using var scope = torch.NewDisposeScope();
        var (query, key, value) = (torch.randn(9, 4, 8), torch.randn(9, 2, 8), torch.randn(9, 2, 8));
        var layer = 0;

        #region Attention: prefill
        TorchRuntime.EnsureLoaded(); // first thing, before anything else of TorchSharp

        int[][] prompts = [[11, 12, 13], [21], [31, 32, 33, 34, 35]]; // token IDs
        int[] lengths = [.. prompts.Select(prompt => prompt.Length)];
        int[] capacities = [.. lengths.Select(length => length + 16)]; // each prompt may grow by 16 tokens

        // Once per batch: one row of all tokens, their places in the cache, and how to attend.
        using var batch = PackedBatch.Create(PackedLayout.Flat(lengths), prompts, torch.CPU); // or torch.CUDA
        using var cache = new PackedKVCache(layers: 1, keyValueHeads: 2, headSize: 8, capacities, torch.float32, torch.CPU);
        using var rotary = new RotaryEmbedding(headSize: 8, maxPositions: 128, device: torch.CPU);
        using var step = cache.Append(batch);
        using var attention = PackedAttention.Plan(step, new AttentionShape(heads: 4, keyValueHeads: 2, headSize: 8, torch.float32));
        Console.WriteLine($"{attention.Kernel}: {attention.Reason}");

        // In every layer, with what its linear layers made of batch.InputIds, [slots, heads, head size]:
        rotary.Apply(query, key, value, step, layer); // rotates queries, writes rotated keys and values into the cache
        var attended = attention.Forward(query, cache.Keys(layer), cache.Values(layer));

        // At the end: one row per prompt for the language-model head.
        var last = batch.LastTokens(attended);
        #endregion
        Assert.Equal([3, 4, 8], last.shape);

        (query, key, value) = (torch.randn(3, 4, 8), torch.randn(3, 2, 8), torch.randn(3, 2, 8));
        long[] tokens = [14, 22, 36];
        #region Attention: decode
        var layout = PackedLayout.Flat([1, 1, 1]).WithPast(cache.Lengths); // one new token each, behind what the cache has
        using var next = PackedBatch.Create<long>(layout, tokens, torch.CPU);
        using var nextStep = cache.Append(next);
        using var nextAttention = PackedAttention.Plan(nextStep, attention.Shape);
        #endregion
        rotary.Apply(query, key, value, nextStep, layer);
        Assert.Equal([3, 4, 8], nextAttention.Forward(query, cache.Keys(layer), cache.Values(layer)).shape);
        Assert.Equal([4, 2, 6], cache.Lengths.ToArray());
    }

    [Fact]
    public void A_cuda_kernel_of_ones_own()
    {
        using var scope = Cuda.Scope();
        var x = torch.ones(1000, device: torch.CUDA);
        #region Attention: kernel
        // CUDA C for an element type T; load and store convert from and to float32, constants are macros.
        var scale = CudaKernel.Compile(x.device, x.dtype, """
            extern "C" __global__ void scale(T* x, long long count, float factor)
            {
                long long i = blockIdx.x * (long long)THREADS + threadIdx.x;
                if (i < count) x[i] = store(load(x[i]) * factor);
            }
            """, "scale", ("THREADS", 256));
        scale.Launch((x.numel() + 255) / 256, 256, x, x.numel(), 0.5f); // on libtorch's current stream, not waited for
        #endregion
        Assert.Equal(500, x.sum().item<float>());
    }

    [Fact]
    public void A_large_set_in_passes_of_one_budget()
    {
        var ran = 0;
        #region Attention: budget
        int[] lengths = [700, 3000, 120, 450, 90, 1300];
        foreach (var pass in PackedPasses.Plan(lengths, maxTokens: 2048))
            Run(pass.Prompts, pass.Layout); // 2048 tokens of prompt 1, then the rest of it packed with the others
        #endregion
        Assert.Equal(lengths.Sum(), ran);

        void Run(IReadOnlyList<int> prompts, PackedLayout layout) => ran += prompts.Count == layout.PromptCount ? layout.TokenCount : 0;
    }
}
