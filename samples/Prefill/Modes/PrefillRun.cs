using System.Diagnostics;
using PackingKit.Attention;
using PackingKit.Samples.Prefill.Model;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>What one pass leaves behind: each layer's packed keys and values, and every prompt's part of them as views.</summary>
internal sealed class PassResult : IDisposable
{
    public PassResult(ModePass pass, PackedBatch batch, int layers)
    {
        (Pass, Batch) = (pass, batch);
        (Keys, Values) = (new Tensor[layers], new Tensor[layers]);
        (PromptKeys, PromptValues) = (new Tensor[layers][], new Tensor[layers][]);
    }

    public ModePass Pass { get; }

    public PackedBatch Batch { get; }

    /// <summary>[slots, key heads, head size] a layer.</summary>
    public Tensor[] Keys { get; }

    public Tensor[] Values { get; }

    /// <summary>[key heads, length, head size] a layer and prompt of the pass.</summary>
    public Tensor[][] PromptKeys { get; }

    public Tensor[][] PromptValues { get; }

    public required Tensor Logits { get; init; }

    public void Dispose()
    {
        foreach (var tensor in PromptKeys.Concat(PromptValues).SelectMany(views => views).Concat(Keys).Concat(Values).Append(Logits))
            tensor.Dispose();
        Batch.Dispose();
    }
}

/// <summary>A batch prefilled in one mode.</summary>
/// <param name="Passes">What each pass left.</param>
/// <param name="Logits">Last-token logits [prompts, vocabulary], in prompt order.</param>
/// <param name="PlanTime">Packing and laying out on the host; part of <paramref name="Time"/>.</param>
/// <param name="Time">All from token IDs on the host to logits and caches on the device.</param>
internal sealed record PrefillResult(PassResult[] Passes, Tensor Logits, TimeSpan PlanTime, TimeSpan Time) : IDisposable
{
    public long Slots => Passes.Sum(pass => (long)pass.Batch.Layout.SlotCount);

    public int Rows => Passes.Sum(pass => pass.Batch.Layout.RowCount);

    public void Dispose()
    {
        foreach (var pass in Passes)
            pass.Dispose();
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
        var passes = mode.Plan(Array.ConvertAll(prompts, prompt => prompt.Length), settings);
        var planned = Stopwatch.GetElapsedTime(start);
        var results = Array.ConvertAll(passes, pass => Execute(model, pass, prompts));
        var logits = InPromptOrder(results, prompts.Length);
        Clock.Wait(model.Device);
        return new PrefillResult(results, logits, planned, Stopwatch.GetElapsedTime(start));
    }

    public static PassResult Execute(LlamaModel model, ModePass pass, int[][] prompts)
    {
        var batch = PackedBatch.Create(pass.Layout, Array.ConvertAll(pass.Prompts, prompt => prompts[prompt]), model.Device);
        using var attention = PackedAttention.Plan(batch, model.Shape.Attention(model.Dtype), pass.Kernel);
        using var ids = batch.InputIds.flatten();
        var (keys, values) = (new Tensor[model.Shape.Layers], new Tensor[model.Shape.Layers]);
        var logits = model.Forward(ids, batch.LastTokenIndices, (layer, query, key, value) =>
        {
            model.Rotary.Apply(query, key, batch);
            (keys[layer], values[layer]) = (key.alias(), value.alias());
            return attention.Forward(query, key, value);
        });
        var result = new PassResult(pass, batch, model.Shape.Layers) { Logits = logits };
        for (var layer = 0; layer < keys.Length; layer++)
        {
            (result.Keys[layer], result.Values[layer]) = (keys[layer], values[layer]);
            (result.PromptKeys[layer], result.PromptValues[layer]) = (batch.SplitCache(keys[layer]), batch.SplitCache(values[layer]));
        }
        return result;
    }

    private static Tensor InPromptOrder(PassResult[] results, int prompts)
    {
        if (results.Length == 1 && IsCounting(results[0].Pass.Prompts))
            return results[0].Logits.alias();
        using var scope = NewDisposeScope();
        var place = new long[prompts];
        var next = 0;
        foreach (var prompt in results.SelectMany(result => result.Pass.Prompts))
            place[prompt] = next++;
        var all = cat([.. results.Select(result => result.Logits)]);
        return all.index_select(0, tensor(place, device: all.device)).MoveToOuterDisposeScope();
    }

    private static bool IsCounting(int[] prompts) => prompts.AsSpan().SequenceEqual([.. Enumerable.Range(0, prompts.Length)]);
}
