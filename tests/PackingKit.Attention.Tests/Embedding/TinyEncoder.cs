using System.Text;
using Microsoft.ML.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>A random encoder of one bidirectional attention layer, packed and, as the oracle, for one text alone.</summary>
internal sealed class TinyEncoder : IDisposable
{
    public const int Dimensions = 12;
    private const int Heads = 3;
    private const int Positions = 200;
    private readonly Tensor _words;
    private readonly Tensor _places;
    private readonly Tensor _projection;

    public TinyEncoder()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        _words = randn([Letters.VocabularySize, Dimensions], generator: generator).DetachFromDisposeScope();
        _places = randn([Positions, Dimensions], generator: generator).DetachFromDisposeScope();
        _projection = randn([Dimensions, 3 * Dimensions], generator: generator).mul_(0.3).DetachFromDisposeScope();
    }

    /// <summary>Tokens of each pass so far.</summary>
    public List<int> Passes { get; } = [];

    public Tensor Packed(PackedBatch batch)
    {
        Passes.Add(batch.Layout.TokenCount);
        var hidden = Embed(batch.InputIds.flatten(), batch.PositionIds.flatten());
        return cat([.. batch.Split(hidden).Select(Layer)]);
    }

    /// <summary>Hidden states of one text, [tokens][dim], without anything of packing.</summary>
    public float[][] Alone(IReadOnlyList<int> ids)
    {
        using var scope = NewDisposeScope();
        var hidden = Layer(Embed(tensor(ids.Select(id => (long)id).ToArray()), arange(ids.Count, ScalarType.Int64)));
        return [.. hidden.Values<float>().Chunk(Dimensions)];
    }

    public void Dispose()
    {
        _words.Dispose();
        _places.Dispose();
        _projection.Dispose();
    }

    private Tensor Embed(Tensor ids, Tensor positions) => _words.index_select(0, ids) + _places.index_select(0, positions);

    private Tensor Layer(Tensor segment)
    {
        var split = segment.matmul(_projection).view(1, -1, 3 * Heads, Dimensions / Heads).transpose(1, 2).chunk(3, 1);
        var attended = nn.functional.scaled_dot_product_attention(split[0], split[1], split[2]);
        return segment + attended.transpose(1, 2).reshape(-1, Dimensions);
    }
}

/// <summary>Tokenizers of one token a letter; the BERT kind puts [CLS] before a text and [SEP] after it.</summary>
internal static class Letters
{
    private static readonly string[] Vocabulary =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. "abcdefgh".Select(letter => $"{letter}"),
            .. "abcdefgh".Select(letter => $"##{letter}")];

    public static int VocabularySize => Vocabulary.Length;

    public static Tokenizer Bert() => BertTokenizer.Create(File());

    /// <summary>Without special tokens: an empty text has no token.</summary>
    public static Tokenizer Plain() => WordPieceTokenizer.Create(File());

    public static string Text(int letters, int seed)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, letters).Select(_ => (char)('a' + random.Next(8))));
    }

    private static MemoryStream File() => new(Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary)));
}
