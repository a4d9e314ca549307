using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// One way to attend, planned for a batch: what that keeps on the device, and the attention itself. Arguments are checked by
/// <see cref="PackedAttention"/>, which owns the plan.
/// </summary>
internal abstract class AttentionPlan(AttentionShape shape) : IDisposable
{
    /// <summary>What <see cref="PackedAttention.Reason"/> adds to why this kernel was taken.</summary>
    public virtual string Remark => "";

    /// <summary>Whether <see cref="Attend"/> rotates queries as it reads them, if it is given a table.</summary>
    public virtual bool RotatesQueries => false;

    /// <summary>Why no gradients go through <see cref="Attend"/>, or <see langword="null"/> where they do.</summary>
    public virtual string? GradientObstacle => null;

    protected AttentionShape Shape => shape;

    /// <summary>Attends.</summary>
    /// <param name="query">[slots, heads, head size].</param>
    /// <param name="key">[key slots, KV heads, head size], rotated already if the model rotates them.</param>
    /// <param name="value">Like <paramref name="key"/>.</param>
    /// <param name="rotaryTable">
    /// <see cref="RotaryEmbedding.Table32"/>, by which queries are still to be rotated; only where <see cref="RotatesQueries"/>.
    /// </param>
    /// <returns>[slots, heads, head size], in the dispose scope at hand.</returns>
    public abstract Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? rotaryTable = null);

    /// <summary>Frees what the plan put on the device.</summary>
    public abstract void Dispose();

    /// <summary>
    /// Keys or values, [..., KV heads, head size], repeated for the query heads that share them, where kernels do not know grouped heads.
    /// </summary>
    protected Tensor Ungrouped(Tensor grouped) => shape.GroupSize == 1 ? grouped : grouped.repeat_interleave(shape.GroupSize, -2);

    /// <summary>Whether taking these of so many rows leaves them as they are.</summary>
    protected static bool IsIdentity(ReadOnlySpan<long> rows, long count)
    {
        var identity = rows.Length == count;
        for (var i = 0; identity && i < rows.Length; i++)
            identity = rows[i] == i;
        return identity;
    }

    /// <summary>libtorch's fused attention over [batch, tokens, heads, head size], all with the query's number of heads.</summary>
    protected Tensor Fused(Tensor query, Tensor key, Tensor value, Tensor? mask, bool causal)
    {
        Debug.Assert(key.shape[2] == query.shape[2] && value.shape[2] == query.shape[2], "Heads are still grouped.");
        if (!shape.HasUsualScale)
            query = query.mul(shape.Scale * Math.Sqrt(shape.HeadSize)); // the operation that TorchSharp binds has no scale
        return nn.functional.scaled_dot_product_attention(
            query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2), mask, is_casual: causal).transpose(1, 2);
    }
}
