using PackingKit.Attention;
using PackingKit.Samples.Models;
using PackingKit.Samples.Prefill.Model;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>
/// Of one pass: keys and values stay where the fused product put them, beside the queries. Nothing was copied; of a forest each prompt has
/// the nodes on its path, joined when they are asked for.
/// </summary>
internal sealed class ProjectionResults : PromptResults
{
    private readonly PackedBatch _batch;
    private readonly PrefixForest? _forest;
    private readonly Tensor _projections;
    private readonly Tensor _keys;
    private readonly Tensor _values;
    private readonly Tensor[] _promptKeys; // or of each node
    private readonly Tensor[] _promptValues;

    public ProjectionResults(ModePass pass, PackedBatch batch, Tensor projections, Tensor logits, LlamaShape shape)
        : base([.. pass.Prompts], LengthsOf(pass), logits)
    {
        (_batch, _projections, _forest) = (batch, projections, pass.Pass.Forest);
        using var heads = projections.view(shape.Layers, pass.Layout.SlotCount, -1, shape.HeadSize);
        _keys = heads.narrow(2, shape.Heads, shape.KeyValueHeads);
        _values = heads.narrow(2, shape.Heads + shape.KeyValueHeads, shape.KeyValueHeads);
        (_promptKeys, _promptValues) = (Split(_keys), Split(_values));
    }

    public override (Tensor Keys, Tensor Values) Of(int prompt, int layer) => _forest is null
        ? (_promptKeys[prompt][layer], _promptValues[prompt][layer])
        : (Path(_promptKeys, prompt, layer), Path(_promptValues, prompt, layer));

    public override (Tensor Keys, Tensor Values)[] ToLeftPadded() => _forest is null
        ? [.. _keys.unbind(0).Zip(_values.unbind(0), (keys, values) =>
            (_batch.CacheToPadded(keys, PaddingSide.Left), _batch.CacheToPadded(values, PaddingSide.Left)))]
        : [.. Enumerable.Range(0, (int)_keys.shape[0])
            .Select(layer => (PaddedPaths(_promptKeys, layer), PaddedPaths(_promptValues, layer)))];

    public override void Dispose()
    {
        base.Dispose();
        foreach (var tensor in (Tensor[])[.. _promptKeys, .. _promptValues, _keys, _values, _projections])
            tensor.Dispose();
        _batch.Dispose();
    }

    private static int[] LengthsOf(ModePass pass) => pass.Pass.Forest is { } forest
        ? [.. Enumerable.Range(0, forest.PromptCount).Select(forest.LengthOf)]
        : pass.Layout.Lengths.ToArray();

    /// <summary>A layer's part of all nodes on a prompt's path, [KV heads, length, head size].</summary>
    private Tensor Path(Tensor[] nodes, int prompt, int layer)
    {
        var path = new List<Tensor>();
        for (var node = _forest!.NodeOfPrompt[prompt]; node >= 0; node = _forest.Parents[node])
            path.Insert(0, nodes[node][layer]);
        return cat(path, 1);
    }

    private Tensor PaddedPaths(Tensor[] nodes, int layer)
    {
        var longest = Lengths.Max();
        return stack([.. Lengths.Select((length, prompt) =>
            nn.functional.pad(Path(nodes, prompt, layer), [0, 0, longest - length, 0]))]);
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
