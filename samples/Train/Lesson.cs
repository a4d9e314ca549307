using PackingKit.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Train;

/// <summary>What a step learns from, ready on the device.</summary>
internal sealed class Lesson : IDisposable
{
    private readonly List<(PackedBatch Batch, PackedAttention Attention, PackedTargets Targets)> _passes = [];

    /// <param name="passes">Documents of each pass forward and back; those of a pass lie side by side.</param>
    /// <param name="shape">Of the model's attention.</param>
    /// <param name="device">Where to learn.</param>
    public Lesson(int[][][] passes, AttentionShape shape, Device device)
    {
        foreach (var documents in passes)
        {
            var layout = PackedLayout.Flat(Array.ConvertAll(documents, tokens => tokens.Length));
            var batch = PackedBatch.Create(layout, documents, device);
            _passes.Add((batch, PackedAttention.Plan(batch, shape), PackedTargets.Create(batch)));
        }
    }

    /// <summary>All passes; gradients add up.</summary>
    /// <returns>The loss of each pass, whose sum is the mean over all targets of the step.</returns>
    public Tensor Learn(Llama model)
    {
        using var scope = NewDisposeScope();
        var total = _passes.Sum(pass => (long)pass.Targets.Count);
        return stack([.. _passes.Select(pass => Learn(model, pass.Batch, pass.Attention, pass.Targets, total))]).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var (batch, attention, targets) in _passes)
        {
            targets.Dispose();
            attention.Dispose();
            batch.Dispose();
        }
    }

    private static Tensor Learn(Llama model, PackedBatch batch, PackedAttention attention, PackedTargets targets, long total)
    {
        using var scope = NewDisposeScope();
        var loss = targets.Loss(model.Head(targets.Of(model.Forward(batch, attention))), LossWeighting.Targets, total);
        if (targets.Count > 0)
            loss.backward();
        return loss.detach().MoveToOuterDisposeScope();
    }
}
