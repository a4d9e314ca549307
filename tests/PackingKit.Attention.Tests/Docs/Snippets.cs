using Microsoft.Extensions.AI;
using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>The code of README.md and docs/ that needs PackingKit.Attention: each region stands there as it stands here.</summary>
public class Snippets
{
    [Fact]
    public void Prompts_into_rows()
    {
        #region README: ten lines
        int[] lengths = [812, 37, 455, 120, 988, 64, 301, 512, 230, 77]; // tokens of each prompt

        var result = new BestFitDecreasing().Pack(PackingProblem.Create(lengths, capacity: 1024));
        Console.WriteLine($"{result.BinCount} rows; no packing has fewer than {result.LowerBound}: {result.Status}");

        var layout = PackedLayout.FromPacking(result.Packing, lengths);
        Console.WriteLine($"{layout.SlotCount} slots instead of {lengths.Length * lengths.Max()}");
        Console.WriteLine(string.Join(' ', layout.CuSeqLens.ToArray()));         // where each prompt begins
        Console.WriteLine(string.Join(' ', layout.LastTokenIndices.ToArray())); // where its next-token logits are
        #endregion
        Assert.Equal((4, 4L, PackingStatus.Optimal), (result.BinCount, result.LowerBound, result.Status));
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
}
