using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 40)]
public class DenseMaskAttentionTests
{
    private const int Heads = 2, HeadSize = 4;

    [Property]
    public void Packed_attention_gives_what_each_prompt_gives_alone(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var (q, k, v) = Inputs(it.Layout);
        foreach (var dtype in (ScalarType[])[ScalarType.Bool, ScalarType.Float64])
        {
            var packed = batch.SplitCache(Attend(q, k, v, batch.CreateMask(dtype)));
            var (qs, ks, vs) = (batch.SplitCache(q), batch.SplitCache(k), batch.SplitCache(v));
            for (var prompt = 0; prompt < packed.Length; prompt++)
                Assert.True(packed[prompt].allclose(Alone(qs[prompt], ks[prompt], vs[prompt]), rtol: 1e-12, atol: 1e-12));
        }
    }

    [Property]
    public void Padding_stays_finite_under_a_softmax_written_by_hand(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var (q, k, v) = Inputs(it.Layout);
        var byHand = q.matmul(k.transpose(2, 3)).div(Math.Sqrt(HeadSize)).add(batch.CreateMask(ScalarType.Float64)).softmax(-1).matmul(v);
        Assert.True(byHand.isfinite().all().item<bool>());
        Assert.True(byHand.allclose(Attend(q, k, v, batch.CreateMask()), rtol: 1e-12, atol: 1e-12));
    }

    [Property]
    public void Changing_one_prompt_leaves_every_other_as_it_was_to_the_bit(LayoutCase it)
    {
        if (it.Lengths.Length == 0)
            return;
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var (q, k, v) = Inputs(it.Layout);
        var mask = batch.CreateMask();
        var before = batch.SplitCache(Attend(q, k, v, mask));
        var changed = it.Lengths.Length / 2;
        foreach (var input in (Tensor[])[q, k, v])
            batch.SplitCache(input)[changed].mul_(1e6);
        var after = batch.SplitCache(Attend(q, k, v, mask));
        for (var prompt = 0; prompt < before.Length; prompt++)
            Assert.True(prompt == changed || Tensors.SameBits(before[prompt], after[prompt]));
    }

    private static (Tensor Q, Tensor K, Tensor V) Inputs(PackedLayout layout)
    {
        var generator = new Generator(17);
        Tensor Next() => randn([layout.RowCount, Heads, layout.RowWidth, HeadSize], ScalarType.Float64, generator: generator);
        return (Next(), Next(), Next());
    }

    private static Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor mask) => nn.functional.scaled_dot_product_attention(q, k, v, mask);

    /// <summary>Textbook causal attention of one prompt, [heads, length, dim].</summary>
    private static Tensor Alone(Tensor q, Tensor k, Tensor v)
    {
        var scores = q.matmul(k.transpose(1, 2)).div(Math.Sqrt(HeadSize));
        var later = torch.ones(scores.shape, ScalarType.Bool).triu(1);
        return scores.masked_fill(later, double.NegativeInfinity).softmax(-1).matmul(v);
    }
}
