using PackingKit.Attention;
using PackingKit.Samples.Models;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>
/// Attention of one layer, rotary embedding included, given by whoever knows where the tokens lie, at which positions, and where keys and
/// values are kept.
/// </summary>
/// <param name="layer">From 0.</param>
/// <param name="query">[slots, heads, head size], not yet rotated.</param>
/// <param name="key">[slots, KV heads, head size], not yet rotated; like the query a view of the projections.</param>
/// <param name="value">Like <paramref name="key"/>.</param>
/// <returns>[slots, heads, head size], which the model frees.</returns>
internal delegate Tensor Attend(int layer, Tensor query, Tensor key, Tensor value);

/// <summary>
/// A Llama decoder over a list of tokens: it knows nothing of rows, prompts, positions and padding. Few and large products: queries, keys
/// and values in one, gate and up in one, the residual added inside the product.
/// </summary>
internal sealed class LlamaModel : IDisposable
{
    private readonly LlamaWeights _weights;
    private readonly LlamaKernels _kernels;
    private readonly LayerWeights[] _layers;
    private readonly Tensor _head;

    public LlamaModel(LlamaWeights weights, int maxPositions)
    {
        (_weights, MaxPositions) = (weights, maxPositions);
        Rotary = new RotaryEmbedding(weights.Shape.HeadSize, maxPositions, weights.Shape.RotaryBase, weights.Head.device);
        _layers = Array.ConvertAll(weights.Layers, layer => layer with
        {
            Qkv = Transposed(layer.Qkv),
            Output = Transposed(layer.Output),
            GateUp = Transposed(layer.GateUp),
            Down = Transposed(layer.Down),
        });
        _head = Transposed(weights.Head);
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

    /// <summary>
    /// Memory for the queries, keys and values of a number of tokens, in all layers or in some: [layers, slots, (heads + 2 KV heads) * head
    /// size].
    /// </summary>
    public Tensor NewProjections(long slots, int? layers = null) => empty([layers ?? Shape.Layers, slots, Shape.QkvWidth], Dtype, Device);

    /// <summary>One pass.</summary>
    /// <param name="ids">Token IDs, int64 [slots].</param>
    /// <param name="last">
    /// Slots whose logits are wanted, int64 [prompts]: after the last layer's attention nothing else is computed.
    /// </param>
    /// <param name="projections">Where to put every layer's queries, keys and values; whoever keeps it has the cache.</param>
    /// <param name="attend">Attention.</param>
    /// <returns>Logits [prompts, vocabulary].</returns>
    public Tensor Forward(Tensor ids, Tensor last, Tensor projections, Attend attend)
    {
        var hidden = _weights.Embedding.index_select(0, ids);
        for (var i = 0; i < Shape.Layers; i++)
        {
            var layer = _layers[i];
            using var projected = projections.select(0, i);
            using var attended = Attention(i, layer, hidden, projected, attend);
            if (i < Shape.Layers - 1)
            {
                hidden.addmm_(attended, layer.Output);
                Mlp(layer, hidden);
                continue;
            }
            using var lastAttended = attended.index_select(0, last);
            var lastHidden = hidden.index_select(0, last);
            hidden.Dispose();
            hidden = lastHidden;
            hidden.addmm_(lastAttended, layer.Output);
            Mlp(layer, hidden);
        }
        using (hidden)
        using (var normed = _kernels.Norm(hidden, _weights.Norm))
            return normed.mm(_head);
    }

    public void Dispose()
    {
        foreach (var layer in _layers)
            foreach (var matrix in (Tensor[])[layer.Qkv, layer.Output, layer.GateUp, layer.Down])
                matrix.Dispose();
        _head.Dispose();
        Rotary.Dispose();
        _weights.Dispose();
    }

    private Tensor Attention(int index, LayerWeights layer, Tensor hidden, Tensor projected, Attend attend)
    {
        using (var normed = _kernels.Norm(hidden, layer.AttentionNorm))
            projected.addmm_(normed, layer.Qkv, beta: 0); // a product into place
        using var heads = projected.view(projected.shape[0], -1, Shape.HeadSize);
        using var query = heads.narrow(1, 0, Shape.Heads);
        using var key = heads.narrow(1, Shape.Heads, Shape.KeyValueHeads);
        using var value = heads.narrow(1, Shape.Heads + Shape.KeyValueHeads, Shape.KeyValueHeads);
        using var attended = attend(index, query, key, value);
        return attended.reshape(attended.shape[0], -1);
    }

    private void Mlp(LayerWeights layer, Tensor hidden)
    {
        using var normed = _kernels.Norm(hidden, layer.MlpNorm);
        using var gateUp = normed.mm(layer.GateUp);
        using var activated = _kernels.Activate(gateUp);
        hidden.addmm_(activated, layer.Down);
    }

    private static Tensor Transposed(Tensor matrix) => matrix.t().DetachFromDisposeScope();
}
