using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>
/// What other packing code got wrong in public, asked of this library. (Bugs of detection by positions or masks cannot even be asked:
/// boundaries are explicit.)
/// </summary>
public class PeerBugTests
{
    private static readonly AttentionKernel[] Portable = [AttentionKernel.Segment, AttentionKernel.Dense, AttentionKernel.Padded];

    /// <summary>
    /// HunyuanVideo #310: one path ignored the boundaries, another honoured only the first; AReaL #1442: one back end ignored them.
    /// </summary>
    [Fact]
    public void Every_boundary_counts_on_every_kernel()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create<int>(PackedLayout.Flat([4, 4, 4, 4]), new int[16]);
        var shape = new AttentionShape(1, 1, 2, ScalarType.Float64);
        var ones = torch.ones(16, 1, 2, dtype: ScalarType.Float64);
        // Prompt p has values p: whatever leaks in would show as another number.
        var values = arange(4, dtype: ScalarType.Float64).repeat_interleave(4).view(16, 1, 1).expand(16, 1, 2).contiguous();
        foreach (var kernel in Portable)
        {
            using var plan = PackedAttention.Plan(batch, shape, kernel);
            Assert.True(plan.Forward(ones, ones, values).allclose(values, rtol: 0, atol: 1e-15), kernel.ToString());
        }
    }

    /// <summary>prepacking's <c>restart_dict</c>: a prompt of one token overwrote its neighbour, and a prompt was lost.</summary>
    [Fact]
    public void Prompts_of_one_token_lose_nobody()
    {
        using var scope = NewDisposeScope();
        int[] lengths = [1, 3, 1, 1, 2];
        using var batch = PackedBatch.Create(PackedLayout.FromPacking(Packing.FromAssignment([0, 0, 0, 1, 1], 2), lengths),
            lengths.Select((n, p) => Enumerable.Repeat(p, n).ToArray()).ToArray());
        Assert.Equal([0L, 1, 2, 3, 4], batch.LastTokens(batch.InputIds.flatten()).Values<long>());
        Assert.Equal([0L, 1, 1, 1, 2, 3, 4, 4], batch.ToTokens(batch.InputIds.flatten()).Values<long>());
    }

    /// <summary>LlamaFactory #10736: tokens were padded to a multiple of 8, positions were not. #7318: positions did not restart.</summary>
    [Fact]
    public void Padding_to_a_multiple_pads_every_table_alike()
    {
        var layout = PackedLayout.Flat([5, 9], alignment: 8);
        Assert.Equal(24, layout.SlotCount);
        Assert.Equal((24, 24, 24), (layout.PositionIds.Length, layout.SegmentIds.Length, layout.TokenIndices.Length));
        Assert.Equal((0L, 4L, 0L, 8L), (layout.PositionIds[0], layout.PositionIds[4], layout.PositionIds[8], layout.PositionIds[16]));
    }

    /// <summary>
    /// pytorch #191937: a masked kernel reported wrong for shared KV heads where the number of keys is 1 more than a multiple of 32.
    /// </summary>
    [Theory]
    [InlineData(33)]
    [InlineData(65)]
    [InlineData(97)]
    public void Shared_heads_with_an_odd_number_of_keys_are_right(int length)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create<int>(PackedLayout.Flat([length, 2]), new int[length + 2]);
        var shape = new AttentionShape(4, 1, 64, ScalarType.Float32);
        var (q, k, v) = PackedAttentionTests.Inputs(length + 2, shape);
        var expected = PackedAttentionTests.Alone(q.narrow(0, 0, length), k.narrow(0, 0, length), v.narrow(0, 0, length), shape);
        foreach (var kernel in Portable)
        {
            using var plan = PackedAttention.Plan(batch, shape, kernel);
            Assert.True(plan.Forward(q, k, v).narrow(0, 0, length).allclose(expected, rtol: 1e-5, atol: 1e-5), kernel.ToString());
        }
    }

    /// <summary>
    /// ML.NET's GenAI and others: rows of padding, closed by finite minima, became the mean of all values, and by infinity NaN in a plain
    /// softmax.
    /// </summary>
    [Theory]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.Float32)]
    public void Padding_sees_itself_and_nothing_else(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.FromPacking(Packing.FromAssignment([0], 1), [2], width: 4), [[1, 2]]);
        var values = arange(4, dtype: ScalarType.Float32).view(1, 1, 4, 1).expand(1, 1, 4, 2).contiguous();
        var attended =
            nn.functional.scaled_dot_product_attention(torch.ones(1, 1, 4, 2), torch.ones(1, 1, 4, 2), values, batch.CreateMask(dtype));
        Assert.Equal([0f, 0, 0.5f, 0.5f, 2, 2, 3, 3], attended.Values<float>());
    }
}
