using PackingKit.Samples.Models;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>The weights of one layer. Matrices are [out, in], as checkpoints have them.</summary>
/// <param name="AttentionNorm">[hidden].</param>
/// <param name="Qkv">Queries, keys and values in one: [(heads + 2 KV heads) * head size, hidden].</param>
/// <param name="Output">[hidden, heads * head size].</param>
/// <param name="MlpNorm">[hidden].</param>
/// <param name="GateUp">Gate and up in one: [2 * intermediate, hidden].</param>
/// <param name="Down">[hidden, intermediate].</param>
internal sealed record LayerWeights(Tensor AttentionNorm, Tensor Qkv, Tensor Output, Tensor MlpNorm, Tensor GateUp, Tensor Down)
{
    public IEnumerable<Tensor> All => [AttentionNorm, Qkv, Output, MlpNorm, GateUp, Down];

    public LayerWeights Select(Func<Tensor, Tensor> change) =>
        new(change(AttentionNorm), change(Qkv), change(Output), change(MlpNorm), change(GateUp), change(Down));
}

/// <summary>All weights of a Llama, on one device and of one type.</summary>
/// <param name="Shape">How large they are.</param>
/// <param name="Embedding">[vocabulary, hidden].</param>
/// <param name="Layers">One per layer.</param>
/// <param name="Norm">The last norm, [hidden].</param>
/// <param name="Head">[vocabulary, hidden].</param>
internal sealed record LlamaWeights(LlamaShape Shape, Tensor Embedding, LayerWeights[] Layers, Tensor Norm, Tensor Head) : IDisposable
{
    /// <summary>
    /// Seeded weights of a size that keeps the numbers alive through all layers: what comes out is as good as real weights for time and for
    /// errors.
    /// </summary>
    public static LlamaWeights Random(LlamaShape shape, int seed, Device device, ScalarType dtype)
    {
        manual_seed(seed); // of every device: a generator of TorchSharp's own is always the CPU's
        var layers = new LayerWeights[shape.Layers];
        for (var i = 0; i < layers.Length; i++)
            layers[i] = new LayerWeights(
                Ones(), Matrix(shape.QkvWidth, shape.Hidden), Matrix(shape.Hidden, shape.Heads * shape.HeadSize),
                Ones(), Matrix(2 * shape.Intermediate, shape.Hidden), Matrix(shape.Hidden, shape.Intermediate));
        return new LlamaWeights(shape, Matrix(shape.Vocabulary, shape.Hidden), layers, Ones(), Matrix(shape.Vocabulary, shape.Hidden));

        Tensor Ones() => ones(shape.Hidden, dtype, device).DetachFromDisposeScope();

        Tensor Matrix(int outputs, int inputs) =>
            randn([outputs, inputs], dtype, device).mul_(1 / Math.Sqrt(inputs)).DetachFromDisposeScope();
    }

    /// <summary>A copy in another type, for reference.</summary>
    public LlamaWeights To(ScalarType dtype)
    {
        return new LlamaWeights(Shape, Copy(Embedding), Array.ConvertAll(Layers, layer => layer.Select(Copy)), Copy(Norm), Copy(Head));

        Tensor Copy(Tensor tensor) => tensor.to(dtype, copy: true).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (var tensor in Layers.SelectMany(layer => layer.All).Concat([Embedding, Norm, Head]))
            tensor.Dispose();
    }
}
