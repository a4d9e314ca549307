using PackingKit.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Train;

/// <summary>
/// A Llama that learns: token by token on [slots, hidden], but for attention, which knows where prompts begin, and where positions restart.
/// </summary>
internal sealed class Llama : IDisposable
{
    private const double Epsilon = 1e-6;

    private readonly Layer[] _layers;
    private readonly Tensor _embedding;
    private readonly Tensor _norm;
    private readonly Tensor _head;
    private readonly RotaryEmbedding _rotary;

    public Llama(LlamaShape shape, int vocabulary, int maxPositions, Weights weights)
    {
        Shape = shape;
        var (hidden, intermediate) = (shape.Hidden, shape.Intermediate);
        _embedding = weights.Matrix(vocabulary, hidden);
        _layers =
        [
            .. Enumerable.Range(0, shape.Layers).Select(_ => new Layer(
                weights.Ones(hidden), weights.Matrix(3 * hidden, hidden), weights.Matrix(hidden, hidden),
                weights.Ones(hidden), weights.Matrix(2 * intermediate, hidden), weights.Matrix(hidden, intermediate))),
        ];
        _norm = weights.Ones(hidden);
        _head = weights.Matrix(vocabulary, hidden);
        _rotary = new RotaryEmbedding(shape.HeadSize, maxPositions, device: weights.Device);
    }

    public LlamaShape Shape { get; }

    /// <summary>One pass.</summary>
    /// <param name="batch">The documents of a step.</param>
    /// <param name="attention">Planned for them.</param>
    /// <returns>[slots, hidden].</returns>
    public Tensor Forward(PackedBatch batch, PackedAttention attention)
    {
        var hidden = _embedding.index_select(0, batch.InputIds.flatten());
        foreach (var layer in _layers)
        {
            var heads = Norm(hidden, layer.AttentionNorm).matmul(layer.Qkv.t()).view(-1, 3 * Shape.Heads, Shape.HeadSize).chunk(3, 1);
            var attended = attention.Forward(heads[0], heads[1], heads[2], _rotary);
            hidden = hidden.add(attended.flatten(1).matmul(layer.Output.t()));
            var halves = Norm(hidden, layer.MlpNorm).matmul(layer.GateUp.t()).chunk(2, -1);
            hidden = hidden.add(nn.functional.silu(halves[0]).mul(halves[1]).matmul(layer.Down.t()));
        }
        return Norm(hidden, _norm);
    }

    /// <summary>Logits of chosen hidden states, [tokens, vocabulary].</summary>
    public Tensor Head(Tensor hidden) => hidden.matmul(_head.t());

    public void Dispose() => _rotary.Dispose();

    /// <summary>The root mean square in float32, whatever the weights are.</summary>
    private static Tensor Norm(Tensor hidden, Tensor weight)
    {
        var wide = hidden.to(ScalarType.Float32);
        return wide.mul(wide.square().mean([-1L], keepdim: true).add(Epsilon).rsqrt()).to(hidden.dtype).mul(weight);
    }

    private sealed record Layer(
        Tensor AttentionNorm, Tensor Qkv, Tensor Output, Tensor MlpNorm, Tensor GateUp, Tensor Down);
}
