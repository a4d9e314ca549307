using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>Today's code of docs/tasks.md, the tasks with tensors.</summary>
public class TasksSnippets
{
    private static readonly AttentionShape Shape = new(heads: 4, keyValueHeads: 2, headSize: 8, torch.float32);

    [Fact]
    public void Prefill_a_batch()
    {
        using var scope = torch.NewDisposeScope();
        long[][] prompts = [[11, 12, 13], [21], [31, 32, 33, 34, 35]];
        var (query, key, value) = (torch.randn(9, 4, 8), torch.randn(9, 2, 8), torch.randn(9, 2, 8));
        using var rotary = new RotaryEmbedding(headSize: 8, maxPositions: 128, device: torch.CPU);
        var (device, shape) = (torch.CPU, Shape);
        #region tasks: 5
        int[] lengths = [.. prompts.Select(prompt => prompt.Length)];
        using var batch = PackedBatch.Create(PackedLayout.Flat(lengths), prompts, device);
        using var attention = PackedAttention.Plan(batch, shape);
        var attended = attention.Forward(query, key, value, rotary); // in each layer
        var last = batch.LastTokens(attended);
        #endregion
        Assert.Equal([3, 4, 8], last.shape);
    }

    [Fact]
    public void Decode_from_a_cache()
    {
        using var scope = torch.NewDisposeScope();
        var (query, key, value) = (torch.randn(3, 4, 8), torch.randn(3, 2, 8), torch.randn(3, 2, 8));
        using var rotary = new RotaryEmbedding(headSize: 8, maxPositions: 128, device: torch.CPU);
        using var cache = new PackedKVCache(layers: 1, keyValueHeads: 2, headSize: 8, [4, 4, 4], torch.float32, torch.CPU);
        var (device, shape, layer) = (torch.CPU, Shape, 0);
        long[] tokens = [14, 22, 36];
        #region tasks: 6
        var layout = PackedLayout.Flat([1, 1, 1]).WithPast(cache.Lengths);
        using var batch = PackedBatch.Create<long>(layout, tokens, device);
        using var step = cache.Append(batch);
        using var attention = PackedAttention.Plan(step, shape);
        rotary.Apply(query, key, value, step, layer); // in each layer
        var attended = attention.Forward(query, cache.Keys(layer), cache.Values(layer));
        #endregion
        Assert.Equal([3, 4, 8], attended.shape);
        Assert.Equal([1, 1, 1], cache.Lengths.ToArray());
    }

    [Fact]
    public async Task Embed_texts()
    {
        using var encoder = new TinyEncoder();
        var tokenizer = Letters.Bert();
        string[] texts = ["abc abc", "hgf", ""];
        #region tasks: 7
        using var generator = new PackedEmbeddingGenerator(tokenizer, encoder.Packed);
        var embeddings = await generator.GenerateAsync(texts);
        #endregion
        Assert.Equal(texts.Length, embeddings.Count);
    }
}
