using PackingKit.Testing;
using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

public class RecordTests
{
    private static readonly PackedLayout Layout = PackedLayout.Flat([2, 3]);

    /// <summary>Each made twice from one layout.</summary>
    private static readonly Func<object>[] Dialects =
    [
        () => FlashAttentionArguments.From(Layout), () => HuggingFaceArguments.From(Layout), () => SegmentIdArrays.From(Layout),
        () => TransformerEngineSequences.From(Layout), () => VllmMetadata.From(Layout, [4, 5, 0, 1, 2]),
        () => XFormersSequences.From(Layout), () => VllmMetadata.From(Layout, 2), () => FlexAttentionTree.From(Layout),
    ];

    [Fact]
    public void Every_record_compares_by_content() => Assert.Empty(RecordEquality.ByReference(typeof(PackedLayout).Assembly));

    [Fact]
    public void The_arguments_of_one_layout_are_equal() => Assert.All(Dialects, make =>
    {
        Assert.True(make().Equals(make()), $"{make()}");
        Assert.Equal(make().GetHashCode(), make().GetHashCode());
    });

    [Fact]
    public void Plans_and_caches_say_what_they_are()
    {
        using var cache = new PackedKVCache(2, 1, 2, [4, 3], torch.float32);
        using var batch = PackedBatch.Create(Layout, [[1, 2], [3, 4, 5]]);
        using var step = cache.Append(batch);
        Assert.Equal("prompts: 2, layers: 2, slots: 5 of 7 in use", cache.ToString());
        using var attention = PackedAttention.Plan(batch, new AttentionShape(1, 1, 2, torch.float32), AttentionKernel.Segment);
        Assert.Equal($"Segment: {attention.Reason}", attention.ToString());
    }
}
