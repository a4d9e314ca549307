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
        var shape = new AttentionShape(Heads, Heads, HeadSize, float32);

        using var generator = new PackedEmbeddingGenerator(
            tokenizer,                                   // any Microsoft.ML.Tokenizers tokenizer
            Encode,                                      // your encoder: a packed batch in, hidden states [tokens, dim] out
            new PackedEmbeddingOptions
            {
                TokenBudget = 16_384,                    // tokens of a forward pass
                MaxTokensPerText = 512,                  // what the model was trained for
                LongTexts = LongTextRule.Average,        // or Truncate, or Refuse, the default
                Pooling = EmbeddingPooling.Mean,         // or Last, Cls
                Normalize = true,
                Device = CPU,
            });
        string[] texts = ["hot tea", "cold water", "tea is hot water"];
        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(texts);
        Console.WriteLine($"{embeddings.Count} vectors of {embeddings[0].Dimensions}, {embeddings.Usage!.InputTokenCount} tokens");

        // A query: behind an instruction, which is seen and not pooled, and with fewer dimensions.
        var query = new EmbeddingGenerationOptions
        {
            Dimensions = 8,
            AdditionalProperties = new() { [PackedEmbeddingOptions.InstructionKey] = "is " },
        };
        Embedding<float> found = (await generator.GenerateAsync(["tea"], query))[0];
        Console.WriteLine($"a query of {found.Dimensions}");

        // Late chunking: the whole text is encoded, parts of it are pooled.
        TokenEmbeddings tokens = (await generator.GenerateTokensAsync(texts))[2];
        Embedding<float> hotWater = tokens.Pool(7..); // characters of the text
        Console.WriteLine($"{tokens}; 'hot water' is one of {hotWater.Dimensions}");

        Tensor Encode(PackedBatch batch)
        {
            // Token by token, all texts at once; positions start anew in each text.
            var hidden = words.forward(batch.InputIds.flatten()).add(places.forward(batch.PositionIds.flatten()));
            // Attention text by text, planned once for all layers.
            using var attention = PackedAttention.Plan(batch, shape, visibility: Visibility.Bidirectional);
            var parts = projection.forward(hidden).view(-1, 3 * Heads, HeadSize).chunk(3, 1);
            return hidden.add(output.forward(attention.Forward(parts[0], parts[1], parts[2]).flatten(1)));
        }
    }
}
#endregion
