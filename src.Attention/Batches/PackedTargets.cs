using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// What a next-token loss over a packed batch needs: which slots have a token to predict, which token that is, and what each counts. The
/// last token of a prompt predicts nothing, least of all the first of its neighbour; neither does padding, nor what comes before a
/// prompt's first target.
/// </summary>
/// <remarks>
/// Only the hidden states at <see cref="Slots"/> need go through a language-model head (<see cref="Of"/>): for completions after long
/// prompts that is a fraction of its work and memory. The tensors belong to this object and are outside any dispose scope; what methods
/// return is the caller's. Not thread-safe.
/// </remarks>
/// <example><code>
/// using var targets = PackedTargets.Create(batch, firstTargets: promptLengths);
/// var logits = model.Head(targets.Of(hidden));
/// var loss = targets.Loss(logits, LossWeighting.Prompts);
/// </code></example>
public sealed class PackedTargets : IDisposable
{
    private readonly PackedBatch _batch;
    private readonly int[] _counts; // by prompt

    private PackedTargets(PackedBatch batch, int[] counts)
    {
        (_batch, _counts, Count) = (batch, counts, counts.Sum());
        using var scope = NewDisposeScope();
        using var slots = new HostMemory<long>(Count, batch.Device);
        var next = 0;
        foreach (var segment in batch.Layout.Segments)
            for (var slot = segment.End - 1 - counts[segment.Prompt]; slot < segment.End - 1; slot++)
                slots.Values[next++] = slot;
        Slots = slots.Upload().DetachFromDisposeScope();
        Tokens = batch.InputIds.flatten().index_select(0, Slots.add(1)).DetachFromDisposeScope();
    }

    /// <summary>The targets of a batch. O(tokens) on the host, one upload.</summary>
    /// <param name="batch">The packed prompts; it must live as long.</param>
    /// <param name="firstTargets">
    /// For each prompt, in prompt order, the place of the first token that is to be predicted: the length of the question where only the
    /// answer counts, the length less k for the last k tokens. From 0 to the prompt's length; 0 and 1 are the same, since nothing comes
    /// before the first token. Every token but the first of each prompt where nothing is given.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="batch"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There are more or fewer first targets than prompts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A first target does not lie in its prompt; the message names it.</exception>
    /// <exception cref="NotSupportedException">
    /// The batch is of a forest, where the last token of a node predicts the first of all that go on from it.
    /// </exception>
    public static PackedTargets Create(PackedBatch batch, IReadOnlyList<int>? firstTargets = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var layout = batch.Layout;
        if (layout.IsForest)
            throw new NotSupportedException("In a forest the last token of a node predicts the first of all that go on from it.");
        if (firstTargets is not null && firstTargets.Count != layout.PromptCount)
            throw new ArgumentException(
                $"There are {firstTargets.Count} first targets, but {layout.PromptCount} prompts.", nameof(firstTargets));
        var counts = new int[layout.PromptCount];
        for (var prompt = 0; prompt < counts.Length; prompt++)
        {
            var first = firstTargets?[prompt] ?? 1;
            if (first < 0 || first > layout.Lengths[prompt])
                throw new ArgumentOutOfRangeException(
                    nameof(firstTargets), first,
                    $"The first target of prompt {prompt} is token {first}, outside its {layout.Lengths[prompt]} tokens.");
            counts[prompt] = layout.Lengths[prompt] - Math.Max(1, first);
        }
        return new PackedTargets(batch, counts);
    }

    /// <summary>Slots that predict a target, ascending, int64 [targets].</summary>
    public Tensor Slots { get; }

    /// <summary>The tokens that they are to predict, int64 [targets].</summary>
    public Tensor Tokens { get; }

    /// <summary>Number of targets.</summary>
    public int Count { get; }

    /// <summary>Number of prompts that have a target.</summary>
    public int PromptCount => _counts.Count(count => count > 0);

    /// <summary>What packed results have at the slots that predict: all that the head has to see. Gradients go through it.</summary>
    /// <param name="packed">[slots, ...].</param>
    /// <returns>[targets, ...].</returns>
    /// <exception cref="ArgumentException">The leading dimension is not the layout's number of slots.</exception>
    public Tensor Of(Tensor packed)
    {
        TensorChecks.RequireLeading(packed, nameof(packed), _batch.Layout.SlotCount, _batch.Device);
        return packed.index_select(0, Slots);
    }

    /// <summary>
    /// Labels of every slot, int64 [rows, width], already shifted: what the slot predicts, not what it holds. For losses over all slots.
    /// </summary>
    /// <param name="ignored">What stands where nothing is predicted: −100, which PyTorch's losses leave out.</param>
    public Tensor Labels(long ignored = -100)
    {
        var layout = _batch.Layout;
        using var scope = NewDisposeScope();
        return full([layout.SlotCount], ignored, ScalarType.Int64, _batch.Device).index_copy_(0, Slots, Tokens)
            .view(layout.RowCount, layout.RowWidth).MoveToOuterDisposeScope();
    }

    /// <summary>What each target counts in the loss, float32 [targets]; they add up to 1, or to this batch's share of a total.</summary>
    /// <param name="weighting">What counts the same.</param>
    /// <param name="total">
    /// Number of targets, or of prompts, of all batches whose gradients are added up before a step, so that the sum of their losses is the
    /// loss of all; this batch's own where nothing is given.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such weighting, or the total is below this batch's own number.</exception>
    public Tensor Weights(LossWeighting weighting, long? total = null)
    {
        var own = weighting switch
        {
            LossWeighting.Targets => Count,
            LossWeighting.Prompts => PromptCount,
            _ => throw new ArgumentOutOfRangeException(nameof(weighting), weighting, "No such weighting."),
        };
        if (total < own)
            throw new ArgumentOutOfRangeException(
                nameof(total), total, $"A total of {total} is below the {own} {weighting.ToString().ToLowerInvariant()} of this batch.");
        using var weights = new HostMemory<float>(Count, _batch.Device);
        var end = 0;
        foreach (var segment in _batch.Layout.Segments)
        {
            var count = _counts[segment.Prompt];
            var targets = weighting == LossWeighting.Targets ? 1.0 : count;
            weights.Values.Slice(end, count).Fill((float)(1 / (targets * (total ?? own))));
            end += count;
        }
        return weights.Upload();
    }

    /// <summary>
    /// The cross entropy of all targets, weighted and added up in float32; 0 where there is none. It has gradients. On CUDA a kernel,
    /// compiled at run time, reads the logits once there and once on the way back; they stay as they are.
    /// </summary>
    /// <remarks>
    /// Whether the vocabulary has a target is not looked up beforehand, since on CUDA that would wait for the device. The kernel makes the
    /// loss NaN where it has not, and the gradient of that target's row; without the kernel (on the CPU, in float64, without NVRTC) it is
    /// as libtorch does: an exception on the CPU, an assertion on CUDA, after which the process can use the device no more. On the way back
    /// through the kernel an exception, such as for want of memory, ends the process (see <see cref="CustomGradient"/>).
    /// </remarks>
    /// <param name="logits">[targets, vocabulary], of a floating type.</param>
    /// <param name="weighting">What counts the same.</param>
    /// <param name="total">As of <see cref="Weights"/>.</param>
    /// <returns>A scalar, float32.</returns>
    /// <exception cref="ArgumentException">The logits are not of that shape or lie elsewhere.</exception>
    /// <exception cref="ArgumentOutOfRangeException">As of <see cref="Weights"/>.</exception>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">On the CPU, a target is outside of the vocabulary.</exception>
    public Tensor Loss(Tensor logits, LossWeighting weighting, long? total = null)
    {
        TensorChecks.RequireLeading(logits, nameof(logits), Count, _batch.Device);
        if (logits.dim() != 2 || !logits.is_floating_point())
            throw TensorChecks.Mismatch($"[{Count}, vocabulary] of a floating type", logits, nameof(logits));
        using var scope = NewDisposeScope();
        var weights = Weights(weighting, total);
        var losses = CrossEntropyKernel.TryLosses(logits, Tokens)
            ?? nn.functional.cross_entropy(logits.to(ScalarType.Float32), Tokens, reduction: nn.Reduction.None);
        return losses.mul(weights).sum().MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Slots.Dispose();
        Tokens.Dispose();
    }
}
