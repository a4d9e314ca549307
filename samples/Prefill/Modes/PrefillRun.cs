using System.Diagnostics;
using PackingKit.Attention;
using PackingKit.Samples.Prefill.Model;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

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
        var projections = model.NewProjections(pass.Layout.SlotCount);
        var logits = model.Forward(ids, batch.LastTokenIndices, projections, (_, query, key, value) =>
        {
            model.Rotary.Apply(query, key, batch);
            return attention.Forward(query, key, value);
        });
        return new PassResult(pass, batch, projections, logits, model.Shape);
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
