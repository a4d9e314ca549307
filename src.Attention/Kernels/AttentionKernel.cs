namespace PackingKit.Attention;

/// <summary>
/// The ways to attend inside each prompt of a packed batch. All give the same result; they differ in where they run and what they cost.
/// </summary>
public enum AttentionKernel
{
    /// <summary>
    /// One variable-length kernel over all prompts: FlashAttention-2 in half types, libtorch's memory-efficient kernel in float32. CUDA
    /// only. No mask, no padding; grouped heads and sliding windows are native to the former.
    /// </summary>
    Varlen,

    /// <summary>
    /// Prompts of equal or nearly equal length together in dense causal batches: no mask memory, any device, the fastest on a CPU. There
    /// shared keys of a forest are read once for all that see them.
    /// </summary>
    Segment,

    /// <summary>
    /// The block-diagonal mask over full rows, as the prepacking paper has it: rows * width^2 mask elements. Any device; the reference.
    /// </summary>
    Dense,

    /// <summary>One dense batch of one row per prompt, padded to the longest. Any device; what packing is measured against.</summary>
    Padded,
}
