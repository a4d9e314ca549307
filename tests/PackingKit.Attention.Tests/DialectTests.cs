using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Attention.Tests;

[Properties(Arbitrary = [typeof(LayoutCases)])]
public class DialectTests
{
    [Property]
    public void Flash_attention_arguments_keep_the_layout(LayoutCase it)
    {
        var layout = Continued(it);
        var arguments = FlashAttentionArguments.From(layout);
        Assert.Equal(it.Lengths.Length + 1, arguments.CuSeqLensQ.Length);
        Same(layout, arguments.ToLayout());
        Same(layout, (arguments with { MaxSeqLenQ = 1000, MaxSeqLenK = 1000 }).ToLayout()); // upper bounds are allowed
    }

    [Property]
    public void Hugging_face_arguments_keep_the_layout(LayoutCase it) =>
        Same(Continued(it), HuggingFaceArguments.From(Continued(it)).ToLayout());

    [Property]
    public void Xformers_sequences_keep_the_layout(LayoutCase it) =>
        Same(PackedLayout.Flat(it.Lengths), XFormersSequences.From(PackedLayout.Flat(it.Lengths)).ToLayout());

    [Property]
    public void Transformer_engine_sequences_keep_the_layout(LayoutCase it)
    {
        foreach (var alignment in (int[])[1, 4, 8])
        {
            var layout = PackedLayout.Flat(it.Lengths, alignment: alignment);
            Same(layout, TransformerEngineSequences.From(layout, alignment).ToLayout());
        }
    }

    [Property]
    public void Segment_ids_keep_every_layout_but_for_the_prompts_numbers(LayoutCase it)
    {
        foreach (var alignment in (int[])[1, 4, 6])
        {
            var layout = PackedLayout.FromPacking(it.Packing, it.Lengths, alignment: alignment);
            var arrays = SegmentIdArrays.From(layout);
            var back = arrays.ToLayout();
            Assert.Equal(layout.Segments.ToArray().Select(s => (s.Row, s.Start, s.Length)),
                back.Segments.ToArray().Select(s => (s.Row, s.Start, s.Length)));
            Assert.Equal((layout.RowCount, layout.RowWidth), (back.RowCount, back.RowWidth));
            Assert.Equal(arrays.SegmentIds, SegmentIdArrays.From(back).SegmentIds);
            Assert.Equal(arrays.Positions, SegmentIdArrays.From(back).Positions);
        }
    }

    [Property]
    public void Vllm_metadata_keeps_the_layout_and_finds_each_slot(LayoutCase it)
    {
        const int blockSize = 4;
        var layout = Continued(it);
        // Blocks handed out from the top down, one after the other.
        var free = 1000;
        var tables = it.Lengths.Select((length, prompt) =>
            Enumerable.Range(0, (length + layout.PastLengths[prompt] + 3) / blockSize).Select(_ => free--).ToArray()).ToArray();
        var metadata = VllmMetadata.From(layout, tables, blockSize);
        Same(layout, metadata.ToLayout());
        Assert.Equal(layout.TokenCount, metadata.SlotMapping.Distinct().Count());
        foreach (var segment in layout.Segments)
            for (var i = 0; i < segment.Length; i++)
            {
                var position = layout.PastLengths[segment.Prompt] + i;
                Assert.Equal(tables[segment.Prompt][position / blockSize] * 4L + position % 4, metadata.SlotMapping[segment.Start + i]);
            }
    }

    [Fact]
    public void A_step_of_a_cache_is_metadata_too()
    {
        using var cache = new PackedKVCache(1, 1, 2, [4, 3], TorchSharp.torch.ScalarType.Float32);
        using var batch = PackedBatch.Create(PackedLayout.Flat([2, 3]), [[1, 2], [3, 4, 5]]);
        using var step = cache.Append(batch);
        var metadata = VllmMetadata.From(batch.Layout, step.SlotMapping);
        Assert.Equal([0L, 1, 4, 5, 6], metadata.SlotMapping);
        Assert.Equal([2, 3], metadata.SeqLens);
    }

    [Fact]
    public void Well_known_examples_read_as_their_documentation_has_them()
    {
        // Transformer Engine's own example of padding between sequences.
        var sequences = new TransformerEngineSequences([0, 3, 5, 9], [0, 4, 8, 12], 4, 4);
        Assert.Equal([0L, 1, 2, 0, 0, 1, 0, 0, 0, 1, 2, 3], sequences.ToLayout().PositionIds.ToArray());
        // T5's packing of two examples into a row of 7.
        var arrays = new SegmentIdArrays(1, 7, [1, 1, 1, 2, 2, 0, 0], [0, 1, 2, 0, 1, 0, 0]);
        Assert.Equal([3, 2], arrays.ToLayout().Lengths.ToArray());
    }

    [Fact]
    public void Layouts_that_a_dialect_has_no_place_for_are_refused()
    {
        var rows = PackedLayout.FromPacking(Packing.FromAssignment([0, 1], 2), [3, 2]);
        var sorted = PackedLayout.Flat([2, 3], PromptOrder.LongestFirst);
        var going = PackedLayout.Flat([2, 3]).WithPast([0, 4]);
        foreach (var layout in (PackedLayout[])[rows, sorted])
        {
            Assert.Throws<NotSupportedException>(() => FlashAttentionArguments.From(layout));
            Assert.Throws<NotSupportedException>(() => HuggingFaceArguments.From(layout));
            Assert.Throws<NotSupportedException>(() => XFormersSequences.From(layout));
            Assert.Throws<NotSupportedException>(() => TransformerEngineSequences.From(layout));
            Assert.Throws<NotSupportedException>(() => VllmMetadata.From(layout, [[0], [1]], 4));
        }
        Assert.Throws<NotSupportedException>(() => XFormersSequences.From(going));
        Assert.Throws<NotSupportedException>(() => SegmentIdArrays.From(going));
        Assert.Throws<NotSupportedException>(() => TransformerEngineSequences.From(going));
    }

    [Fact]
    public void Numbers_that_contradict_each_other_are_refused()
    {
        var flash = new FlashAttentionArguments([0, 2, 5], [0, 2, 5], 3, 3);
        Refused(() => (flash with { CuSeqLensQ = [1, 2, 5] }).ToLayout(), "start with 0");
        Refused(() => (flash with { CuSeqLensQ = [0, 2, 2] }).ToLayout(), "Cumulative length 2 is 2, not above");
        Refused(() => (flash with { CuSeqLensK = [0, 1, 5] }).ToLayout(), "Prompt 0 has 1 keys for 2 queries");
        Refused(() => (flash with { MaxSeqLenQ = 2 }).ToLayout(), "The longest prompt has 3 queries");
        // What peers get wrong in silence: positions that do not restart, or were not padded along with the tokens.
        var face = HuggingFaceArguments.From(PackedLayout.Flat([2, 3]));
        Refused(() =>
            (face with { PositionIds = [0, 1, 2, 3, 4] }).ToLayout(), "Token 2 has position 2, but the cumulative lengths put it at 0");
        Refused(() => (face with { PositionIds = [0, 1, 0] }).ToLayout(), "5 tokens, but 3 positions");
        var seqio = new SegmentIdArrays(1, 4, [1, 1, 2, 0], [0, 1, 0, 0]);
        Refused(() => (seqio with { SegmentIds = [1, 1, 3, 0] }).ToLayout(), "Slot 2 starts segment 3 out of turn");
        Refused(() => (seqio with { Positions = [0, 1, 2, 0] }).ToLayout(), "Slot 2 has position 2 in its segment, not 0");
        Refused(() => (seqio with { Width = 3 }).ToLayout(), "need 3 segment IDs");
        Refused(() => new TransformerEngineSequences([0, 3, 5], [0, 4, 9], 4, 4).ToLayout(), "Padded cumulative length 2 is 9");
        Refused(() => VllmMetadata.From(PackedLayout.Flat([5]), [[3]], 4), "Prompt 0 has 1 blocks of 4 for 5 tokens");

        static void Refused(Action call, string words) =>
            Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_of_one_token_before_one_that_goes_on_is_still_two_prompts()
    {
        // Positions 0, 1: no detection by positions can tell; explicit lengths do.
        var layout = PackedLayout.Flat([1, 2]).WithPast([0, 1]);
        Assert.Equal([0L, 1, 2], layout.PositionIds.ToArray());
        Same(layout, HuggingFaceArguments.From(layout).ToLayout());
    }

    private static PackedLayout Continued(LayoutCase it) =>
        PackedLayout.Flat(it.Lengths).WithPast(Array.ConvertAll(it.Rows, row => row * 2));

    private static void Same(PackedLayout expected, PackedLayout actual)
    {
        Assert.Equal(expected.Segments.ToArray(), actual.Segments.ToArray());
        Assert.Equal(expected.PastLengths.ToArray(), actual.PastLengths.ToArray());
        Assert.Equal((expected.RowCount, expected.RowWidth), (actual.RowCount, actual.RowWidth));
        Assert.Equal(expected.PositionIds.ToArray(), actual.PositionIds.ToArray());
    }
}
