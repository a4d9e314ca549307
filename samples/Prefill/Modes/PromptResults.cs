using PackingKit.Attention;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>What a prefill leaves of some of a batch's prompts: logits, and each prompt's keys and values of all layers as views.</summary>
/// <param name="prompts">Number of each of them in the batch.</param>
/// <param name="lengths">Tokens of each.</param>
/// <param name="logits">Of their last tokens, [prompts, vocabulary]; owned from here on.</param>
internal abstract class PromptResults(int[] prompts, int[] lengths, Tensor logits) : IDisposable
{
    public int[] Prompts => prompts;

    public int[] Lengths => lengths;

    public Tensor Logits => logits;

    /// <summary>Keys and values of one prompt in one layer, [KV heads, length, head size] each; the caller's.</summary>
    /// <param name="prompt">Its place in <see cref="Prompts"/>.</param>
    /// <param name="layer">From 0.</param>
    public abstract (Tensor Keys, Tensor Values) Of(int prompt, int layer);

    /// <summary>For each layer keys and values as one left-padded batch, [prompts, KV heads, longest, head size]; the caller's.</summary>
    public abstract (Tensor Keys, Tensor Values)[] ToLeftPadded();

    public virtual void Dispose() => logits.Dispose();
}
