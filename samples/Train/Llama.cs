using PackingKit.Attention;
using PackingKit.Samples.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Train;

/// <summary>
/// A Llama that learns: token by token on [slots, hidden], but for attention, which knows where prompts begin, and where positions restart.
/// </summary>
internal sealed class Llama : IDisposable
{
    private readonly Layer[] _layers;
    private readonly Tensor _embedding;
    private readonly Tensor _norm;
    private readonly Tensor _head;
    private readonly LlamaShape _shape;
    private readonly LlamaKernels _kernels;
    private readonly RotaryEmbedding _rotary;

    public Llama(LlamaShape shape, int maxPositions, Weights weights)
    {
        (_shape, _kernels) = (shape, LlamaKernels.For(shape, weights.Device, weights.Type));
        var (hidden, intermediate) = (shape.Hidden, shape.Intermediate);
        _embedding = weights.Matrix(shape.Vocabulary, hidden);
        _layers =
        [
            .. Enumerable.Range(0, shape.Layers).Select(_ => new Layer(
                weights.Ones(hidden), weights.Matrix(shape.QkvWidth, hidden), weights.Matrix(hidden, hidden),
                weights.Ones(hidden), weights.Matrix(2 * intermediate, hidden), weights.Matrix(hidden, intermediate))),
        ];
        _norm = weights.Ones(hidden);
        _head = weights.Matrix(shape.Vocabulary, hidden);
        _rotary = new RotaryEmbedding(shape.HeadSize, maxPositions, device: weights.Device);
    }

    /// <summary>One pass.</summary>
    /// <param name="batch">The documents of a step.</param>
    /// <param name="attention">Planned for them.</param>
    /// <returns>[slots, hidden].</returns>
    public Tensor Forward(PackedBatch batch, PackedAttention attention)
    {
        var hidden = _embedding.index_select(0, batch.InputIds.flatten());
        long[] heads = [_shape.Heads, _shape.KeyValueHeads, _shape.KeyValueHeads];
        foreach (var layer in _layers)
        {
            var qkv = _kernels.Norm(hidden, layer.AttentionNorm).matmul(layer.Qkv.t());
            var parts = qkv.view(-1, heads.Sum(), _shape.HeadSize).split(heads, 1);
            var attended = attention.Forward(parts[0], parts[1], parts[2], _rotary);
            hidden = hidden.add(attended.flatten(1).matmul(layer.Output.t()));
            var gateUp = _kernels.Norm(hidden, layer.MlpNorm).matmul(layer.GateUp.t());
            hidden = hidden.add(_kernels.Activate(gateUp).matmul(layer.Down.t()));
        }
        return _kernels.Norm(hidden, _norm);
    }

    /// <summary>Logits of chosen hidden states, [tokens, vocabulary].</summary>
    public Tensor Head(Tensor hidden) => hidden.matmul(_head.t());

    public void Dispose() => _rotary.Dispose();

    private sealed record Layer(
        Tensor AttentionNorm, Tensor Qkv, Tensor Output, Tensor MlpNorm, Tensor GateUp, Tensor Down);
}
