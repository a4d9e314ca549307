using System.Runtime.InteropServices;
using FsCheck.Xunit;
using PackingKit.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Targets, weights and losses of a packed batch are those of its prompts one by one.</summary>
[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 60)]
public class PackedTargetsTests
{
    [Property]
    public void Every_token_from_the_first_target_on_is_predicted_by_the_one_before_it(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        foreach (var firsts in (int[]?[])[null, Array.ConvertAll(it.Lengths, length => length / 2), [.. it.Lengths]])
        {
            using var targets = PackedTargets.Create(batch, firsts);
            var slots = it.NaiveSlots();
            var expected = Enumerable.Range(0, slots.Length).Where(slot => slots[slot] is { } token
                && token.Position + 1 < it.Lengths[token.Prompt] && token.Position + 1 >= (firsts?[token.Prompt] ?? 0)).ToArray();
            Assert.Equal(expected.Select(slot => (long)slot), targets.Slots.Values<long>());
            Assert.Equal(expected.Length, targets.Count);
            var labels = targets.Labels().flatten().Values<long>();
            for (var slot = 0; slot < slots.Length; slot++)
            {
                var target = expected.Contains(slot) && slots[slot] is { } at ? it.Prompts[at.Prompt][at.Position + 1] : -100;
                Assert.Equal(target, labels[slot]);
            }
            Assert.Equal(expected.Select(slot => labels[slot]), targets.Tokens.Values<long>());
        }
    }

    [Fact]
    public void A_target_outside_of_the_vocabulary_is_found_out_on_the_host()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3]), [[1, 2, 9]]);
        using var targets = PackedTargets.Create(batch);
        Assert.Throws<ExternalException>(() => targets.Loss(randn(targets.Count, 9), LossWeighting.Targets));
        Assert.True(float.IsFinite(targets.Loss(randn(targets.Count, 10), LossWeighting.Targets).item<float>()));
    }

    [Property]
    public void A_loss_and_its_gradient_are_those_of_the_prompts_one_by_one(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        const int vocabulary = 7;
        var prompts = Array.ConvertAll(it.Prompts, tokens => Array.ConvertAll(tokens, token => token % vocabulary));
        using var batch = PackedBatch.Create(it.Layout, prompts);
        using var targets = PackedTargets.Create(batch);
        var given = randn([it.Layout.SlotCount, vocabulary], ScalarType.Float32, generator: new Generator(5));
        foreach (var weighting in Enum.GetValues<LossWeighting>())
        {
            var (packed, alone) = (given.clone().requires_grad_(), given.clone().requires_grad_());
            var loss = targets.Loss(targets.Of(packed), weighting);
            var parts = batch.Split(alone)
                .Select((logits, prompt) => (Logits: logits, Tokens: tensor(Array.ConvertAll(prompts[prompt], id => (long)id))))
                .Where(part => part.Tokens.shape[0] > 1)
                .Select(part => nn.functional.cross_entropy(
                    part.Logits[..^1], part.Tokens[1..],
                    reduction: weighting == LossWeighting.Targets ? nn.Reduction.Sum : nn.Reduction.Mean)).ToArray();
            if (parts.Length == 0)
            {
                Assert.Equal(0, loss.item<float>());
                continue;
            }
            var expected = stack(parts).sum() / (weighting == LossWeighting.Targets ? targets.Count : targets.PromptCount);
            Assert.True(loss.allclose(expected, rtol: 1e-5, atol: 1e-6), $"{weighting}: {loss.item<float>()}, {expected.item<float>()}");
            loss.backward();
            expected.backward();
            Assert.True(packed.grad!.allclose(alone.grad!, rtol: 1e-4, atol: 1e-7), $"{weighting}");
            Assert.True(targets.Loss(targets.Of(given), weighting, total: 1000).item<float>() <= loss.item<float>());
        }
    }

    /// <summary>The published case: two prompts in seven slots.</summary>
    [Fact]
    public void Labels_cross_no_boundary_and_leave_padding_out()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3, 2], width: 7), [[10, 20, 30], [40, 50]]);
        using var targets = PackedTargets.Create(batch);
        Assert.Equal([20L, 30, -100, 50, -100, -100, -100], targets.Labels().flatten().Values<long>());
        Assert.Equal([1 / 4f, 1 / 4f, 1 / 2f], targets.Weights(LossWeighting.Prompts).Values<float>());
        Assert.Equal([1 / 3f, 1 / 3f, 1 / 3f], targets.Weights(LossWeighting.Targets).Values<float>());
        Assert.Equal([1 / 12f, 1 / 12f, 1 / 12f], targets.Weights(LossWeighting.Targets, total: 12).Values<float>());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Refused.Null("batch", () => PackedTargets.Create(null!));
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3, 2]), [[1, 2, 3], [4, 5]]);
        Assert.Contains("There are 1 first targets, but 2 prompts", Assert.Throws<ArgumentException>(
            () => PackedTargets.Create(batch, [1])).Message, StringComparison.Ordinal);
        Assert.Contains("The first target of prompt 1 is token 3, outside its 2 tokens", Assert.Throws<ArgumentOutOfRangeException>(
            () => PackedTargets.Create(batch, [3, 3])).Message, StringComparison.Ordinal);
        using var forest = PackedBatch.Create(new ForestCase([1, 2], [-1, 0]).Layout, [[1], [2, 3]]);
        Assert.Throws<NotSupportedException>(() => PackedTargets.Create(forest));
        using var targets = PackedTargets.Create(batch);
        Assert.Throws<ArgumentException>(() => targets.Of(zeros(4, 2)));
        Assert.Throws<ArgumentException>(() => targets.Loss(zeros(3), LossWeighting.Targets));
        Assert.Throws<ArgumentException>(() => targets.Loss(zeros(5, 8), LossWeighting.Targets));
        Assert.Contains("A total of 2 is below the 3 targets", Assert.Throws<ArgumentOutOfRangeException>(
            () => targets.Weights(LossWeighting.Targets, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_may_start_elsewhere()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 1], width: 4), [[7, 8], [9]]);
        Assert.Equal([2L, 3, 2, 1], batch.CreatePositionIds(2, padding: 1).flatten().Values<long>());
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.CreatePositionIds(-1));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var batch = PackedBatch.Create(PackedLayout.Flat([3, 2], width: 7), [[1, 2, 3], [4, 5]]);
        using var logits = torch.zeros(7, 9);
        var before = LiveTensors.CountBefore();
        for (var i = 0; i < 1000; i++)
        {
            using var targets = PackedTargets.Create(batch, [0, 1]);
            using var chosen = targets.Of(logits);
            targets.Loss(chosen, LossWeighting.Prompts).Dispose();
            targets.Labels().Dispose();
        }
        Assert.Equal(before, Tensor.TotalCount);
    }
}
