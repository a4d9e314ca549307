#region embeddings
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using PackingKit.Attention;
using TorchSharp;
using static TorchSharp.torch;

internal static class Embeddings
{
    private const int Heads = 4, HeadSize = 8, Hidden = Heads * HeadSize;

    public static async Task Main()
    {
        TorchRuntime.EnsureLoaded(); // first thing, before anything else of TorchSharp
        string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cold", "hot", "water", "tea", "is"];
        var tokenizer = BertTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary)))); // your model's file

        // An encoder of one layer: your model's weights.
        var words = nn.Embedding(vocabulary.Length, Hidden);
        var places = nn.Embedding(512, Hidden);
        var projection = nn.Linear(Hidden, 3 * Hidden);
        var output = nn.Linear(Hidden, Hidden);

        using var generator = new PackedEmbeddingGenerator(
            tokenizer,                                   // any Microsoft.ML.Tokenizers tokenizer
            Encode,                                      // your encoder: a packed batch in, hidden states [tokens, dim] out
            new PackedEmbeddingOptions
            {
                TokenBudget = 16_384,                    // tokens of a forward pass
                MaxTokensPerText = 512,                  // what the model was trained for
                LongTexts = LongTextRule.Truncate,       // or Refuse, the default
                Pooling = EmbeddingPooling.Mean,         // or Last, Cls
                Normalize = true,
                Device = CPU,
            });
        string[] texts = ["hot tea", "cold water", "tea is hot water"];
        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(texts);
        Console.WriteLine($"{embeddings.Count} vectors of {embeddings[0].Dimensions}, {embeddings.Usage!.InputTokenCount} tokens");

        Tensor Encode(PackedBatch batch)
        {
            // Token by token, all texts at once; positions start anew in each text.
            var hidden = words.forward(batch.InputIds.flatten()).add(places.forward(batch.PositionIds.flatten()));
            var heads = projection.forward(hidden).view(-1, 3 * Heads, HeadSize);
            // Attention text by text: Split gives each text's part as a view.
            var attended = cat([.. batch.Split(heads).Select(Attend)]);
            return hidden.add(output.forward(attended));
        }

        static Tensor Attend(Tensor text) // [tokens, 3 * heads, head size]
        {
            var parts = text.transpose(0, 1).unsqueeze(0).chunk(3, 1);
            return nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]).squeeze(0).transpose(0, 1).flatten(1);
        }
    }
}
#endregion
