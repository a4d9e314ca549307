using PackingKit.Attention;
using PackingKit.Samples.Prefill.Model;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>
/// What one pass leaves behind: logits, and the packed keys and values of all layers with every prompt's part of them as views. They are kept where the fused
/// product put them, beside the queries: nothing was copied.
/// </summary>
internal sealed class PassResult : IDisposable
{
    private readonly Tensor _projections;

    public PassResult(ModePass pass, PackedBatch batch, Tensor projections, Tensor logits, LlamaShape shape)
    {
        (Pass, Batch, _projections, Logits) = (pass, batch, projections, logits);
        using var heads = projections.view(shape.Layers, pass.Layout.SlotCount, -1, shape.HeadSize);
        Keys = heads.narrow(2, shape.Heads, shape.KeyValueHeads);
        Values = heads.narrow(2, shape.Heads + shape.KeyValueHeads, shape.KeyValueHeads);
        (PromptKeys, PromptValues) = (Split(Keys), Split(Values));
    }

    public ModePass Pass { get; }

    public PackedBatch Batch { get; }

    /// <summary>Of the last tokens, [prompts of the pass, vocabulary].</summary>
    public Tensor Logits { get; }

    /// <summary>[layers, slots, key heads, head size].</summary>
    public Tensor Keys { get; }

    public Tensor Values { get; }

    /// <summary>For each prompt of the pass [layers, key heads, length, head size].</summary>
    public Tensor[] PromptKeys { get; }

    public Tensor[] PromptValues { get; }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. PromptKeys, .. PromptValues, Keys, Values, Logits, _projections])
            tensor.Dispose();
        Batch.Dispose();
    }

    private Tensor[] Split(Tensor cache)
    {
        var views = new Tensor[Pass.Layout.PromptCount];
        for (var prompt = 0; prompt < views.Length; prompt++)
        {
            var segment = Pass.Layout.SegmentOf(prompt);
            using var tokens = cache.narrow(1, segment.Start, segment.Length);
            views[prompt] = tokens.transpose(1, 2);
        }
        return views;
    }
}
