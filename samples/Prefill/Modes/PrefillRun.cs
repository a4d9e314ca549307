using System.Diagnostics;
using PackingKit.Attention;
using PackingKit.Samples.Prefill.Model;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>A batch prefilled in one mode.</summary>
/// <param name="Passes">How the tokens lay in each forward pass.</param>
/// <param name="Results">What they left: together all prompts, each once.</param>
/// <param name="Logits">Last-token logits [prompts, vocabulary], in prompt order.</param>
/// <param name="PlanTime">Packing and laying out on the host; part of <paramref name="Time"/>.</param>
/// <param name="Time">All from token IDs on the host to logits and caches on the device.</param>
internal sealed record PrefillResult(PackedLayout[] Passes, PromptResults[] Results, Tensor Logits, TimeSpan PlanTime, TimeSpan Time)
    : IDisposable
{
    public long Slots => Passes.Sum(pass => (long)pass.SlotCount);

    public int Rows => Passes.Sum(pass => pass.RowCount);

    public void Dispose()
    {
        foreach (var results in Results)
            results.Dispose();
        Logits.Dispose();
    }
}

/// <summary>Runs modes on a model.</summary>
internal static class PrefillRun
{
    /// <summary>Prefills a batch: plans, uploads, computes, hands out every prompt's cache, and waits for the device.</summary>
    public static PrefillResult Execute(LlamaModel model, PrefillMode mode, int[][] prompts, ModeSettings settings)
    {
        Clock.Wait(model.Device);
        var start = Stopwatch.GetTimestamp();
        var passes = mode.Plan(prompts, settings);
        var planned = Stopwatch.GetElapsedTime(start);
        PromptResults[] results = mode.ThroughCache
            ? [ExecuteThroughCache(model, passes, prompts)]
            : Array.ConvertAll(passes, pass => Execute(model, pass, prompts));
        var logits = InPromptOrder([.. results.Select(result => (result.Prompts, result.Logits))], prompts.Length);
        Clock.Wait(model.Device);
        return new PrefillResult(Array.ConvertAll(passes, pass => pass.Layout), results, logits, planned, Stopwatch.GetElapsedTime(start));
    }

    public static PromptResults Execute(LlamaModel model, ModePass pass, int[][] prompts)
    {
        var batch = PackedBatch.Create(pass.Layout, pass.Pass.Tokens(prompts), model.Device);
        using var attention = PackedAttention.Plan(batch, model.Shape.Attention(model.Dtype), pass.Kernel);
        using var ids = batch.InputIds.flatten();
        using var last = LastTokens(pass, batch);
        var projections = model.NewProjections(pass.Layout.SlotCount);
        var logits = model.Forward(ids, last, projections, (_, query, key, value) =>
            attention.Forward(query, key, value, model.Rotary));
        return new ProjectionResults(pass, batch, projections, logits, model.Shape);
    }

    /// <summary>Slot of each prompt's last token; in a forest prompts that are equal have one.</summary>
    private static Tensor LastTokens(ModePass pass, PackedBatch batch)
    {
        if (pass.Pass.Forest is null)
            return batch.LastTokenIndices.alias();
        using var ends = tensor(pass.Pass.Ends.ToArray(), device: batch.Device);
        return batch.LastTokenIndices.index_select(0, ends);
    }

    /// <summary>Pass after pass, each attending to what the cache has of its prompts from the passes before.</summary>
    private static CacheResults ExecuteThroughCache(LlamaModel model, ModePass[] passes, int[][] prompts)
    {
        var shape = model.Shape;
        var lengths = Array.ConvertAll(prompts, prompt => prompt.Length);
        var cache = new PackedKVCache(shape.Layers, shape.KeyValueHeads, shape.HeadSize, lengths, model.Dtype, model.Device);
        var logits = new List<(IReadOnlyList<int> Prompts, Tensor Logits)>();
        foreach (var pass in passes)
        {
            using var batch = PackedBatch.Create(pass.Layout, pass.Pass.Tokens(prompts), model.Device);
            using var step = cache.Append(batch, pass.Prompts);
            using var attention = PackedAttention.Plan(step, shape.Attention(model.Dtype), pass.Kernel);
            using var ids = batch.InputIds.flatten();
            using var projections = model.NewProjections(pass.Layout.SlotCount, layers: 1);
            using var inEveryLayer = projections.expand(shape.Layers, -1, -1); // what is kept is in the cache
            logits.Add((pass.Prompts, model.Forward(ids, batch.LastTokenIndices, inEveryLayer, (layer, query, key, value) =>
            {
                model.Rotary.Apply(query, key, value, step, layer);
                return attention.Forward(query, cache.Keys(layer), cache.Values(layer));
            })));
        }
        var last = InPromptOrder(logits, prompts.Length);
        foreach (var (_, ofPass) in logits)
            ofPass.Dispose();
        return new CacheResults(cache, last);
    }

    /// <summary>One row per prompt; of a prompt that was in several passes that of the last.</summary>
    private static Tensor InPromptOrder(List<(IReadOnlyList<int> Prompts, Tensor Logits)> passes, int prompts)
    {
        if (passes.Count == 1 && passes[0].Prompts.SequenceEqual(Enumerable.Range(0, prompts)))
            return passes[0].Logits.alias();
        using var scope = NewDisposeScope();
        var place = new long[prompts];
        var next = 0;
        foreach (var prompt in passes.SelectMany(pass => pass.Prompts))
            place[prompt] = next++;
        var all = cat([.. passes.Select(pass => pass.Logits)]);
        return all.index_select(0, tensor(place, device: all.device)).MoveToOuterDisposeScope();
    }
}
