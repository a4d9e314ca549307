using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>What an attention layer looks like; the same for every layer that shares a plan.</summary>
public sealed record AttentionShape
{
    /// <summary>A shape.</summary>
    /// <param name="heads">Query heads, at least 1.</param>
    /// <param name="keyValueHeads">
    /// KV heads, a divisor of <paramref name="heads"/>: query head h uses KV head h / group size (grouped-query attention).
    /// </param>
    /// <param name="headSize">Elements of a head, at least 1.</param>
    /// <param name="dtype">Type of queries, keys and values: float16, bfloat16, float32 or float64.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">The KV heads do not divide the query heads, or the type is none of those.</exception>
    public AttentionShape(int heads, int keyValueHeads, int headSize, ScalarType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyValueHeads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(headSize, 1);
        if (heads % keyValueHeads != 0)
            throw new ArgumentException($"{keyValueHeads} KV heads do not divide {heads} query heads.", nameof(keyValueHeads));
        if (dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"Attention works on floating types, not {dtype}.", nameof(dtype));
        Heads = heads;
        KeyValueHeads = keyValueHeads;
        HeadSize = headSize;
        Dtype = dtype;
        Scale = 1 / Math.Sqrt(headSize);
    }

    /// <summary>Query heads.</summary>
    public int Heads { get; }

    /// <summary>KV heads: heads of keys, and of values.</summary>
    public int KeyValueHeads { get; }

    /// <summary>Query heads that share one KV head: heads / KV heads.</summary>
    public int GroupSize => Heads / KeyValueHeads;

    /// <summary>Elements of a head.</summary>
    public int HeadSize { get; }

    /// <summary>Type of queries, keys and values.</summary>
    public ScalarType Dtype { get; }

    /// <summary>The factor on scores, finite and above 0; 1 / sqrt(head size) unless set.</summary>
    /// <remarks>The kernels multiply minus infinity, by which a key is closed, by it: 0 or a negative factor would open it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not a finite number above 0.</exception>
    public double Scale
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The factor on scores is {value}, not a finite number above 0.");
    }

    /// <summary>Sliding window: number of tokens that a token sees, itself included; <see langword="null"/> for all before it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is below 1.</exception>
    public int? Window
    {
        get;
        init => field = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"A window of {value} tokens does not even hold the token itself.");
    }

    /// <summary>Whether the scale is the usual one, which <c>scaled_dot_product_attention</c> applies by itself.</summary>
    internal bool HasUsualScale => Scale == 1 / Math.Sqrt(HeadSize);
}
