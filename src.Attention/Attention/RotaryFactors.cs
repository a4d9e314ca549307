using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// A rotary embedding at given positions, made once and used in every layer: positions that do not count up from 0 in each prompt, and
/// those of several rows. Gradients go through it.
/// </summary>
/// <remarks>The tensors belong to this object and are outside any dispose scope.</remarks>
public sealed class RotaryFactors : IDisposable
{
    private readonly Tensor _cosine;
    private readonly Tensor _sine;
    private readonly RotaryOrder _order;

    /// <param name="cosine">[slots, 1, half a head], in a dispose scope of the caller's.</param>
    /// <param name="sine">Like <paramref name="cosine"/>.</param>
    /// <param name="order">Which elements turn together.</param>
    internal RotaryFactors(Tensor cosine, Tensor sine, RotaryOrder order) =>
        (_cosine, _sine, _order) = (cosine.DetachFromDisposeScope(), sine.DetachFromDisposeScope(), order);

    /// <summary>Queries or keys rotated, as a new tensor.</summary>
    /// <param name="tensor">[slots, heads, head size], of a floating type; stays as it is.</param>
    /// <returns>Like <paramref name="tensor"/>; the caller's.</returns>
    /// <exception cref="ArgumentException">The tensor has another shape or device, or is of no floating type.</exception>
    public Tensor Rotated(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long[] shape = [_cosine.shape[0], TensorChecks.Any, 2 * _cosine.shape[2]];
        TensorChecks.Require(tensor, nameof(tensor), shape, tensor.dtype, _cosine.device);
        if (!tensor.is_floating_point())
            throw new ArgumentException($"Only floating types are rotated, not {tensor.dtype}.", nameof(tensor));
        using var scope = NewDisposeScope();
        return Turned(tensor, _cosine, _sine, _order).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
    }

    /// <summary>Pairs turned; the work is done in the factors' type.</summary>
    internal static Tensor Turned(Tensor tensor, Tensor cosine, Tensor sine, RotaryOrder order)
    {
        var wide = tensor.to(cosine.dtype);
        if (order == RotaryOrder.Interleaved)
        {
            var pairs = wide.unflatten(wide.dim() - 1, cosine.shape[^1], 2);
            var (even, odd) = (pairs.select(-1, 0), pairs.select(-1, 1));
            return stack([even.mul(cosine).sub_(odd.mul(sine)), odd.mul(cosine).add_(even.mul(sine))], -1).flatten(-2).to(tensor.dtype);
        }
        var halves = wide.chunk(2, -1);
        var (x, y) = (halves[0], halves[1]);
        return cat([x.mul(cosine).sub_(y.mul(sine)), y.mul(cosine).add_(x.mul(sine))], -1).to(tensor.dtype);
    }
}
