using PackingKit.Attention;
using static TorchSharp.torch;

namespace PackingKit.Samples.Models;

/// <summary>How large a Llama is.</summary>
internal sealed record LlamaShape(int Hidden, int Layers, int Heads, int KeyValueHeads, int Intermediate, int Vocabulary)
{
    private static readonly Dictionary<string, LlamaShape> Known = new()
    {
        ["mini"] = new(128, 2, 4, 4, 344, 32000),
        ["tiny"] = new(256, 2, 2, 1, 688, 32000),
        ["134m"] = new(768, 12, 12, 12, 2048, 32000),
        ["1.3b"] = new(2048, 24, 16, 16, 5504, 32000),
        ["7b"] = new(4096, 32, 32, 32, 11008, 32000),
        ["8b"] = new(4096, 32, 32, 8, 14336, 32000),
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    public int HeadSize { get; init; } = Hidden / Heads;

    public double NormEpsilon { get; init; } = 1e-6;

    public double RotaryBase { get; init; } = 10000;

    /// <summary>Width of the fused product of queries, keys and values.</summary>
    public int QkvWidth => (Heads + 2 * KeyValueHeads) * HeadSize;

    public static LlamaShape Named(string name) => Known[name];

    public AttentionShape Attention(ScalarType dtype) => new(Heads, KeyValueHeads, HeadSize, dtype);

    /// <summary>
    /// Floating-point operations of the matrix products of one forward pass, attention left out. The last layer's keys and values are made
    /// for all slots, what comes after them only for the prompts' last tokens.
    /// </summary>
    public double MatrixOperations(long slots, long prompts)
    {
        double qkv = 2.0 * Hidden * QkvWidth;
        double rest = 2.0 * Hidden * (Heads * HeadSize + 3 * Intermediate);
        return Layers * qkv * slots + rest * ((Layers - 1) * slots + prompts) + 2.0 * Hidden * Vocabulary * prompts;
    }
}
