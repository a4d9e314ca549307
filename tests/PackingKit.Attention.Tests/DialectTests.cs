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
        Assert.Equal(it.Lengths.Length + 1, arguments.CuSeqLensQ.Count);
        Same(layout, arguments.ToLayout());
        Same(layout, (arguments with { MaxSeqLenQ = 1000, MaxSeqLenK = 1000 }).ToLayout()); // upper bounds are allowed
    }

    [Property]
    public void Hugging_face_arguments_keep_the_layout(LayoutCase it) =>
        Same(Continued(it), HuggingFaceArguments.From(Continued(it)).ToLayout());

    [Property]
    public void Fixed_shapes_keep_prompts_behind_each_other_and_room_for_more(LayoutCase it)
    {
        var (width, sequences) = (it.Lengths.Sum() + it.Residual, it.Lengths.Length + it.Residual);
        var past = Array.ConvertAll(it.Lengths, length => length % 3);
        var layout = PackedLayout.Flat(it.Lengths, width: width).WithPast(past);
        var face = HuggingFaceArguments.From(layout, sequences);
        Assert.Equal((width, width), (face.PositionIds.Count, face.SeqIdx.Count));
        Assert.Equal((sequences + 1, sequences + 1), (face.CuSeqLensQ.Count, face.CuSeqLensK.Count));
        Assert.Equal(it.Lengths.Sum(), face.CuSeqLensQ[^1]);
        Assert.Equal(
            it.Lengths.SelectMany((length, prompt) => Enumerable.Repeat(prompt, length)).Concat(Enumerable.Repeat(-1, it.Residual)),
            face.SeqIdx);
        Same(layout, face.ToLayout());
        Same(PackedLayout.Flat(it.Lengths).WithPast(past), FlashAttentionArguments.From(layout, sequences).ToLayout());
        Assert.Throws<ArgumentOutOfRangeException>(() => FlashAttentionArguments.From(layout, it.Lengths.Length - 1));
        if (it.Residual > 0)
            Assert.Throws<NotSupportedException>(() => HuggingFaceArguments.From(layout));
        if (it.Lengths.Length > 1)
            Assert.Throws<NotSupportedException>(() => HuggingFaceArguments.From(PackedLayout.Flat(it.Lengths, alignment: 16), 100));
    }

    /// <summary>The example of RemovePadding in ONNX Runtime: three prompts of 1, 2 and 4 tokens.</summary>
    [Fact]
    public void Onnx_runtime_numbers_tokens_first_and_padding_behind_them()
    {
        var packing = OnnxRuntimePacking.From(PackedLayout.Flat([1, 2, 4]));
        Assert.Equal([0, 4, 5, 8, 9, 10, 11, 1, 2, 3, 6, 7], packing.TokenOffset);
        Assert.Equal([0, 1, 3, 7], packing.CumulativeSequenceLength);
        Assert.Equal(4, packing.MaxLength);
    }

    [Property]
    public void Onnx_runtime_packing_keeps_the_layout(LayoutCase it)
    {
        var layout = PackedLayout.Flat(it.Lengths);
        Same(layout, OnnxRuntimePacking.From(layout).ToLayout());
        if (it.Lengths.Length > 0)
            Assert.Throws<NotSupportedException>(() => OnnxRuntimePacking.From(layout.WithPast([.. it.Lengths])));
    }

    [Property]
    public void Xformers_sequences_keep_the_layout(LayoutCase it) =>
        Same(PackedLayout.Flat(it.Lengths), XFormersSequences.From(PackedLayout.Flat(it.Lengths)).ToLayout());

    [Property]
    public void Transformer_engine_sequences_keep_the_layout(LayoutCase it)
    {
        foreach (var alignment in (int[])[1, 4, 8])
        {
            var layout = PackedLayout.Flat(it.Lengths, alignment: alignment);
            Same(layout, TransformerEngineSequences.From(layout).ToLayout());
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

    [Property]
    public void Given_starts_give_the_layout_again(LayoutCase it)
    {
        var layout = it.Layout;
        var starts = it.Lengths.Select((_, prompt) => layout.SegmentOf(prompt).Start).ToArray();
        Same(layout, PackedLayout.FromStarts(it.Lengths, starts, layout.RowWidth, layout.RowCount));
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
        var sequences = new TransformerEngineSequences([0, 3, 5, 9], [0, 4, 8, 12], 4);
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
        Refused(() => (flash with { CuSeqLensQ = [0, 2, 2] }).ToLayout(), "1 prompts of queries, but 2 of keys");
        Refused(() => (flash with { CuSeqLensQ = [0, 0, 5] }).ToLayout(), "Cumulative length 1 is 0, not above");
        Refused(() => (flash with { CuSeqLensK = [0, 1, 5] }).ToLayout(), "Prompt 0 has 1 keys for 2 queries");
        Refused(() => (flash with { MaxSeqLenQ = 2 }).ToLayout(), "The longest prompt has 3 queries");
        // What peers get wrong in silence: positions that do not restart, or were not padded along with the tokens.
        var face = HuggingFaceArguments.From(PackedLayout.Flat([2, 3]));
        Refused(() =>
            (face with { PositionIds = [0, 1, 2, 3, 4] }).ToLayout(), "Token 2 has position 2, but the cumulative lengths put it at 0");
        Refused(() => (face with { PositionIds = [0, 1, 0] }).ToLayout(), "5 tokens, but 3 positions");
        Refused(() => (face with { SeqIdx = [0, 0, 1, 1] }).ToLayout(), "5 positions, but 4 numbers of prompts");
        Refused(
            () => (face with { SeqIdx = [0, 1, 1, 1, 1] }).ToLayout(), "Token 1 is of prompt 1, but the cumulative lengths put it in 0");
        var onnx = OnnxRuntimePacking.From(PackedLayout.Flat([2, 3]));
        Refused(() => (onnx with { MaxLength = 4 }).ToLayout(), "do not have 6 offsets of 4");
        Refused(() => (onnx with { TokenOffset = [0, 1, 3, 4, 2, 5] }).ToLayout(), "Offset 4 is 2, but the cumulative lengths make it 5");
        var seqio = new SegmentIdArrays(1, 4, [1, 1, 2, 0], [0, 1, 0, 0]);
        Refused(() => (seqio with { SegmentIds = [1, 1, 3, 0] }).ToLayout(), "Slot 2 starts segment 3 out of turn");
        Refused(() => (seqio with { Positions = [0, 1, 2, 0] }).ToLayout(), "Slot 2 has position 2 in its segment, not 0");
        Refused(() => (seqio with { Width = 3 }).ToLayout(), "need 3 segment IDs");
        Refused(
            () => new TransformerEngineSequences([0, 3, 5], [0, 4, 5], 4).ToLayout(),
            "Padded cumulative length 2 is 5: sequence 1 of 2 tokens starts at 4");
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

    public static TheoryData<int[], int[]> PaddedSequences => new()
    {
        { [0, 3, 5, 9], [0, 4, 8, 13] }, // Transformer Engine's own documentation
        { [0, 1, 2, 4, 5, 8, 9, 10, 11], [0, 1, 2, 4, 8, 12, 14, 15, 16] },
        { [0, 3, 8], [0, 4, 16] }, // the last sequence takes the tail
    };

    [Theory]
    [MemberData(nameof(PaddedSequences))]
    public void Transformer_engine_may_pad_every_sequence_as_it_likes(int[] real, int[] padded)
    {
        var sequences = new TransformerEngineSequences([.. real], [.. padded], MaxSeqLen: 5);
        var layout = sequences.ToLayout();
        Assert.Equal((1, padded[^1], real[^1]), (layout.RowCount, layout.SlotCount, layout.TokenCount));
        Assert.Equal(padded[..^1], layout.Segments.ToArray().Select(segment => segment.Start));
        var back = TransformerEngineSequences.From(layout);
        Assert.Equal(real, back.CuSeqLens);
        Assert.Equal(padded, back.CuSeqLensPadded);
    }

    [Fact]
    public void A_row_that_is_wider_than_its_aligned_prompts_goes_to_transformer_engine_and_back()
    {
        var layout = PackedLayout.FromPacking(Packing.FromAssignment([0, 0], 1), [3, 5], width: 16, alignment: 4);
        var sequences = TransformerEngineSequences.From(layout);
        Assert.Equal([0, 3, 8], sequences.CuSeqLens);
        Assert.Equal([0, 4, 16], sequences.CuSeqLensPadded);
        Same(layout, sequences.ToLayout());
        Assert.Throws<NotSupportedException>(() => TransformerEngineSequences.From(PackedLayout.FromStarts([2], [1], 4)));
    }

    [Fact]
    public void Segment_ids_may_leave_any_gap()
    {
        var arrays = new SegmentIdArrays(2, 6, [0, 1, 1, 0, 2, 0, 1, 0, 0, 2, 2, 2], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
        var layout = arrays.ToLayout();
        Assert.Equal([1, 4, 6, 9], layout.Segments.ToArray().Select(segment => segment.Start));
        Assert.Equal(arrays.SegmentIds, SegmentIdArrays.From(layout).SegmentIds);
        Assert.Equal(arrays.Positions, SegmentIdArrays.From(layout).Positions);
    }

    [Fact]
    public void Cache_slots_that_two_tokens_would_go_to_are_refused()
    {
        var layout = PackedLayout.Flat([3, 2]);
        Refused(() => VllmMetadata.From(layout, [[0, -1], [1]], 2), "Prompt 0 has the block -1");
        Refused(() => VllmMetadata.From(layout, [[0, 1], [1]], 2), "Prompts 0 and 1 share block 1");
        Refused(() => VllmMetadata.From(layout, [[4, 4], [1]], 2), "Prompt 0 has block 4 twice");
        Refused(() => VllmMetadata.From(layout, [[4, 3], null!], 2), "Prompt 1 has no table");
        Refused(() => VllmMetadata.From(layout, [0, 1, 2, 3, -1]), "Token 4 goes to slot -1");
        Refused(() => VllmMetadata.From(layout, [0, 1, 2, 3, 1]), "Tokens 1 and 4 both go to slot 1");
        var metadata = VllmMetadata.From(layout, [[0, 2, -1], [1]], 2); // what no token needs is not looked at
        Assert.Equal([0L, 1, 4, 2, 3], metadata.SlotMapping);
        Refused(() => (metadata with { SlotMapping = [0, 1, 4, 2, 2] }).ToLayout(), "Tokens 3 and 4 both go to slot 2");

        // A shared prefix: blocks that hold earlier tokens only. A block that is half full takes new tokens, and is not shared.
        var going = layout.WithPast([2, 2]);
        Assert.Equal([4L, 5, 6, 2, 3], VllmMetadata.From(going, [[0, 2, 3], [0, 1]], 2).SlotMapping);
        Refused(() => VllmMetadata.From(layout.WithPast([1, 2]), [[0, 2], [0, 1]], 2), "Prompts 0 and 1 share block 0");

        static void Refused(Action call, string words) =>
            Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever the numbers: a layout, or the documented exception, and no memory beyond what the record has.</summary>
    [Fact]
    public void Records_of_any_numbers_give_a_layout_or_the_documented_exception()
    {
        var random = new Random(18);
        var (layouts, refusals) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            Func<PackedLayout>[] records =
            [
                new FlashAttentionArguments(Rising(), Rising(), Number(), Number()).ToLayout,
                new HuggingFaceArguments(Longs(), Rising(), Rising(), Number(), Number(), Numbers()).ToLayout,
                new OnnxRuntimePacking(Number(), Numbers(), Rising()).ToLayout,
                new XFormersSequences(Rising(), Number(), Number()).ToLayout,
                new TransformerEngineSequences(Rising(), Rising(), Number()).ToLayout,
                new SegmentIdArrays(Number(), Number(), Numbers(), Numbers()).ToLayout,
                new VllmMetadata(Rising(), Numbers(), Longs(), Number()).ToLayout,
                (new VllmMetadata(Rising(), Numbers(), Longs(), Number()) with
                {
                    BlockTables = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Numbers())], BlockSize = Number(),
                }).ToLayout,
                new FlexAttentionTree(Number(), Number(), Numbers(), Numbers(), Numbers()).ToLayout,
            ];
            foreach (var record in records)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    record();
                    layouts++;
                }
                catch (ArgumentException)
                {
                    refusals++;
                }
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
            }
        }
        Assert.True(layouts > 1000 && refusals > 1000, $"{layouts} layouts, {refusals} refusals");

        int Number() => random.Next(6) switch
        {
            0 => int.MinValue,
            1 => int.MaxValue,
            2 => -1,
            3 => random.Next(int.MinValue, int.MaxValue),
            _ => random.Next(8),
        };
        ValueList<int> Numbers() => random.Next(12) == 0 ? null! : [.. Enumerable.Range(0, random.Next(6)).Select(_ => Number())];
        ValueList<long> Longs() => random.Next(12) == 0 ? null!
            : [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(3) == 0 ? long.MinValue : Number())];
        ValueList<int> Rising()
        {
            if (random.Next(4) == 0)
                return Numbers();
            var values = new int[1 + random.Next(4)];
            for (var i = 1; i < values.Length; i++)
                values[i] = unchecked(values[i - 1] + (random.Next(10) == 0 ? Number() : 1 + random.Next(3)));
            return ValueList.Create(values);
        }
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
