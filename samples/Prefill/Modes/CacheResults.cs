using PackingKit.Attention;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>Of passes that went through one cache: all prompts of the batch.</summary>
internal sealed class CacheResults : PromptResults
{
    private readonly PackedKVCache _cache;
    private readonly Tensor[][] _keys;
    private readonly Tensor[][] _values;

    public CacheResults(PackedKVCache cache, Tensor logits)
        : base([.. Enumerable.Range(0, cache.PromptCount)], cache.Lengths.ToArray(), logits)
    {
        _cache = cache;
        _keys = [.. Enumerable.Range(0, cache.LayerCount).Select(layer => cache.Split(cache.Keys(layer)))];
        _values = [.. Enumerable.Range(0, cache.LayerCount).Select(layer => cache.Split(cache.Values(layer)))];
    }

    public override (Tensor Keys, Tensor Values) Of(int prompt, int layer) =>
        (_keys[layer][prompt].alias(), _values[layer][prompt].alias());

    public override (Tensor Keys, Tensor Values)[] ToLeftPadded() => _cache.ToPadded(PaddingSide.Left);

    public override void Dispose()
    {
        base.Dispose();
        foreach (var view in _keys.Concat(_values).SelectMany(views => views))
            view.Dispose();
        _cache.Dispose();
    }
}
