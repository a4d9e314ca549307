using PackingKit.Attention;
using PackingKit.Samples.Prefill.Model;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>Of one pass: keys and values stay where the fused product put them, beside the queries. Nothing was copied.</summary>
internal sealed class ProjectionResults : PromptResults
{
    private readonly PackedBatch _batch;
    private readonly Tensor _projections;
    private readonly Tensor _keys;
    private readonly Tensor _values;
    private readonly Tensor[] _promptKeys;
    private readonly Tensor[] _promptValues;

    public ProjectionResults(ModePass pass, PackedBatch batch, Tensor projections, Tensor logits, LlamaShape shape)
        : base(pass.Prompts, pass.Layout.Lengths.ToArray(), logits)
    {
        (_batch, _projections) = (batch, projections);
        using var heads = projections.view(shape.Layers, pass.Layout.SlotCount, -1, shape.HeadSize);
        _keys = heads.narrow(2, shape.Heads, shape.KeyValueHeads);
        _values = heads.narrow(2, shape.Heads + shape.KeyValueHeads, shape.KeyValueHeads);
        (_promptKeys, _promptValues) = (Split(_keys), Split(_values));
    }

    public override (Tensor Keys, Tensor Values) Of(int prompt, int layer) => (_promptKeys[prompt][layer], _promptValues[prompt][layer]);

    public override (Tensor Keys, Tensor Values)[] ToLeftPadded() =>
        [.. _keys.unbind(0).Zip(_values.unbind(0), (keys, values) =>
            (_batch.CacheToPadded(keys, PaddingSide.Left), _batch.CacheToPadded(values, PaddingSide.Left)))];

    public override void Dispose()
    {
        base.Dispose();
        foreach (var tensor in (Tensor[])[.. _promptKeys, .. _promptValues, _keys, _values, _projections])
            tensor.Dispose();
        _batch.Dispose();
    }

    /// <summary>For each prompt [layers, KV heads, length, head size].</summary>
    private Tensor[] Split(Tensor cache)
    {
        var views = new Tensor[_batch.Layout.PromptCount];
        for (var prompt = 0; prompt < views.Length; prompt++)
        {
            var segment = _batch.Layout.SegmentOf(prompt);
            using var tokens = cache.narrow(1, segment.Start, segment.Length);
            views[prompt] = tokens.transpose(1, 2);
        }
        return views;
    }
}
