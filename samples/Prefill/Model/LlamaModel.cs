using PackingKit.Attention;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>
/// Attention of one layer, rotary embedding included, given by whoever knows where the tokens lie, at which positions, and where keys and values are kept.
/// </summary>
/// <param name="layer">From 0.</param>
/// <param name="query">[slots, heads, head size], not yet turned.</param>
/// <param name="key">[slots, key heads, head size], not yet turned; a view that may be changed and kept.</param>
/// <param name="value">Like <paramref name="key"/>.</param>
/// <returns>[slots, heads, head size], which the model frees.</returns>
internal delegate Tensor Attend(int layer, Tensor query, Tensor key, Tensor value);

/// <summary>
/// A Llama decoder over a list of tokens: it knows nothing of rows, prompts, positions and padding. Few and large products: queries, keys and values in one, gate and up in
/// one, the residual added inside the product.
/// </summary>
internal sealed class LlamaModel : IDisposable
{
    private readonly LlamaWeights _weights;
    private readonly LlamaKernels _kernels;

    public LlamaModel(LlamaWeights weights, int maxPositions)
    {
        (_weights, MaxPositions) = (weights, maxPositions);
        Rotary = new RotaryEmbedding(weights.Shape.HeadSize, maxPositions, weights.Shape.RotaryBase, weights.Head.device);
        _kernels = LlamaKernels.For(weights.Shape, weights.Head.device, weights.Head.dtype);
    }

    public LlamaShape Shape => _weights.Shape;

    public LlamaWeights Weights => _weights;

    public int MaxPositions { get; }

    /// <summary>For those who attend.</summary>
    public RotaryEmbedding Rotary { get; }

    public Device Device => _weights.Head.device;

    public ScalarType Dtype => _weights.Head.dtype;

    /// <summary>Which code normalises and activates.</summary>
    public string Kernels => _kernels.Description;

    /// <summary>One pass.</summary>
    /// <param name="ids">Token IDs, int64 [slots].</param>
    /// <param name="last">Slots whose logits are wanted, int64 [prompts]: after the last layer's attention nothing else is computed.</param>
    /// <param name="attend">Attention.</param>
    /// <returns>Logits [prompts, vocabulary].</returns>
    public Tensor Forward(Tensor ids, Tensor last, Attend attend)
    {
        var hidden = _weights.Embedding.index_select(0, ids);
        for (var i = 0; i < Shape.Layers; i++)
        {
            var layer = _weights.Layers[i];
            using var attended = Attention(i, layer, hidden, attend);
            if (i < Shape.Layers - 1)
            {
                AddProduct(hidden, attended, layer.Output);
                Mlp(layer, hidden);
                continue;
            }
            using var lastAttended = attended.index_select(0, last);
            var lastHidden = hidden.index_select(0, last);
            hidden.Dispose();
            hidden = lastHidden;
            AddProduct(hidden, lastAttended, layer.Output);
            Mlp(layer, hidden);
        }
        using (hidden)
        using (var normed = _kernels.Norm(hidden, _weights.Norm))
            return Product(normed, _weights.Head);
    }

    public void Dispose()
    {
        Rotary.Dispose();
        _weights.Dispose();
    }

    private Tensor Attention(int index, LayerWeights layer, Tensor hidden, Attend attend)
    {
        using var normed = _kernels.Norm(hidden, layer.AttentionNorm);
        using var product = Product(normed, layer.Qkv);
        using var qkv = product.view(product.shape[0], -1, Shape.HeadSize);
        using var query = qkv.narrow(1, 0, Shape.Heads);
        using var key = qkv.narrow(1, Shape.Heads, Shape.KeyValueHeads);
        using var value = qkv.narrow(1, Shape.Heads + Shape.KeyValueHeads, Shape.KeyValueHeads);
        using var attended = attend(index, query, key, value);
        return attended.reshape(attended.shape[0], -1);
    }

    private void Mlp(LayerWeights layer, Tensor hidden)
    {
        using var normed = _kernels.Norm(hidden, layer.MlpNorm);
        using var gateUp = Product(normed, layer.GateUp);
        using var activated = _kernels.Activate(gateUp);
        AddProduct(hidden, activated, layer.Down);
    }

    private static Tensor Product(Tensor input, Tensor weight)
    {
        using var transposed = weight.t();
        return input.mm(transposed);
    }

    private static void AddProduct(Tensor sum, Tensor input, Tensor weight)
    {
        using var transposed = weight.t();
        sum.addmm_(input, transposed);
    }
}
