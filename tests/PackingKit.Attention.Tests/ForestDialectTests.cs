using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>Forests in the conventions of other libraries: tokens see there what they see in the dense mask, or they refuse.</summary>
[Properties(Arbitrary = [typeof(ForestCases)], MaxTest = 100)]
public class ForestDialectTests
{
    [Property]
    public void Flex_attention_sees_what_the_mask_opens(ForestCase it)
    {
        var layout = it.Layout;
        if (layout.SlotCount == 0)
            return;
        SeesAsTheMask(layout, FlexAttentionTree.From(layout));
        Same(layout, FlexAttentionTree.From(layout).ToLayout());
    }

    [Property]
    public void Of_plain_prompts_too_and_padding_sees_nothing(LayoutCase it)
    {
        var layout = it.Layout;
        if (layout.RowCount > 0 && layout.RowWidth == 0)
            return;
        var tree = FlexAttentionTree.From(layout);
        SeesAsTheMask(layout, tree);
        Assert.Equal(tree, FlexAttentionTree.From(tree.ToLayout()));
    }

    [Property]
    public void Requests_see_by_their_blocks_what_the_mask_opens(ForestCase it)
    {
        var layout = it.Layout;
        Check(VllmMetadata.From(layout, 1));
        // Runs of whole blocks, so that nodes part between them.
        var whole = new ForestCase(Array.ConvertAll(it.Lengths, length => 4 * length), it.Parents).Layout;
        layout = whole;
        Check(VllmMetadata.From(layout, 4));

        void Check(VllmMetadata metadata)
        {
            var mask = new bool[layout.SlotCount * layout.SlotCount];
            layout.CopyMask(0, mask);
            var tokenAt = metadata.SlotMapping.AsSpan().ToArray().Select((slot, token) => (slot, token))
                .ToDictionary(pair => pair.slot, pair => pair.token);
            for (var request = 0; request < layout.PromptCount; request++)
            {
                Assert.Equal(metadata.SeqLens[request], layout.PastLengths[request] + layout.Lengths[request]);
                for (var i = 0; i < layout.Lengths[request]; i++)
                {
                    var query = metadata.QueryStartLoc[request] + i;
                    var seen = Enumerable.Range(0, layout.PastLengths[request] + i + 1).Select(position =>
                        tokenAt[metadata.BlockTables[request][position / metadata.BlockSize] * (long)metadata.BlockSize
                            + position % metadata.BlockSize]);
                    Assert.Equal(seen.Order(), Enumerable.Range(0, layout.SlotCount).Where(key => mask[query * layout.SlotCount + key]));
                }
            }
            Assert.Equal(0, metadata.CommonPrefixLen);
            Same(layout, metadata.ToLayout());
        }
    }

    [Fact]
    public void Vllm_shares_whole_blocks_alone()
    {
        // Two nodes after six tokens, of which a block has four; one after the other is no trouble.
        Assert.Contains("Nodes 1 and 2 follow 2 of 4 tokens", Assert.Throws<NotSupportedException>(
            () => VllmMetadata.From(new ForestCase([6, 1, 1], [-1, 0, 0]).Layout, 4)).Message, StringComparison.Ordinal);
        var chain = VllmMetadata.From(new ForestCase([6, 1, 2], [-1, 0, 1]).Layout, 4);
        Assert.Equal([0, 1, 2], chain.BlockTables[2]);
        Assert.Equal(Enumerable.Range(0, 9).Select(slot => (long)slot), chain.SlotMapping);
    }

    [Fact]
    public void What_all_have_computed_in_common_blocks_is_a_cascade()
    {
        // Decoding behind a forest of 8 shared tokens, of which a third request has only 5.
        int[][] tables = [[3, 7, 0], [3, 7, 1], [3, 7, 2]];
        var layout = PackedLayout.Flat([1, 2, 1]);
        Assert.Equal(8, VllmMetadata.From(layout.WithPast([8, 9, 8]), tables, 4).CommonPrefixLen);
        tables[2] = [3, 5];
        Assert.Equal(4, VllmMetadata.From(layout.WithPast([8, 9, 5]), tables, 4).CommonPrefixLen);
        tables[2] = [6, 5];
        Assert.Equal(0, VllmMetadata.From(layout.WithPast([8, 9, 5]), tables, 4).CommonPrefixLen);
        Assert.Equal(0, VllmMetadata.From(PackedLayout.Flat([1]).WithPast([5]), [9L]).CommonPrefixLen);
    }

    [Fact]
    public void Tables_of_a_forest_lead_along_its_paths()
    {
        var forest = new ForestCase([4, 2, 1], [-1, 0, 0]).Layout;
        Assert.Equal(VllmMetadata.From(forest, 4).SlotMapping, VllmMetadata.From(forest, [[0], [0, 1], [0, 2]], 4).SlotMapping);
        Assert.Contains("Node 2 has block 3 at 0, node 0", Refusal([[0], [0, 1], [3, 2]]), StringComparison.Ordinal);
        Assert.Contains("Tokens 4 and 6 both go to slot 4", Refusal([[0], [0, 1], [0, 1]]), StringComparison.Ordinal);

        string Refusal(int[][] tables) => Assert.Throws<ArgumentException>(() => VllmMetadata.From(forest, tables, 4)).Message;
    }

    [Fact]
    public void Metadata_that_no_forest_gives_is_refused()
    {
        var metadata = VllmMetadata.From(new ForestCase([4, 2, 1], [-1, 0, 0]).Layout, 4);
        Refused(metadata with { BlockSize = 0 }, "3 tables of blocks of 0");
        Refused(metadata with { BlockTables = [[0], [0, 1]] }, "2 tables");
        Refused(metadata with { BlockTables = [[0], [0, 1], [0]] }, "Request 2 has 1 blocks of 4 for 5 tokens");
        Refused(metadata with { BlockTables = [[0], [0, 2], [0, 2]] }, "Token 0 of request 1 goes to slot 4");
        var inTheMidst = new VllmMetadata([0, 4, 6], [4, 4], [0, 1, 2, 3, 4, 5], 4);
        Refused(inTheMidst with { BlockTables = [[0, 1, 2, 3], [0, 1, 4, 5]], BlockSize = 1 }, "Request 1 goes on from request 0, but");
        var three = new VllmMetadata([0, 1, 2, 3], [1, 2, 2], [0, 1, 2], 1) { BlockTables = [[0], [0, 1], [0, 2]], BlockSize = 1 };
        Assert.Equal([-1, 0, 0], three.ToLayout().Parents);
        Refused(three with { BlockTables = [[0], [0, 1], [7, 2]] }, "Request 2 goes on from earlier tokens");
        Refused(three with { SeqLens = [1, 1, 2], BlockTables = [[0], [1], [0, 2]] }, "depth-first order");

        static void Refused(VllmMetadata metadata, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(metadata.ToLayout).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trees_that_contradict_themselves_are_refused_by_slot()
    {
        var tree = FlexAttentionTree.From(new ForestCase([2, 1, 1], [-1, 0, 0]).Layout);
        Assert.Equal([0, 0, 1, 2], tree.Enter);
        Assert.Equal([3, 3, 2, 3], tree.Exit);
        Assert.Equal([0, 1, 2, 2], tree.Position);
        Refused(tree with { Rows = -1 }, "-1 rows");
        Refused(tree with { Exit = [3, 3, 2] }, "not 4, 3 and 4");
        Refused(tree with { Enter = [0, 0, 2, 1] }, "Slot 2 enters node 2 out of turn");
        Refused(tree with { Exit = [3, 2, 2, 3] }, "Slot 1 leaves node 0 at 2");
        Refused(tree with { Exit = [3, 3, 4, 3] }, "Node 1, from slot 2 on, is left at 4");
        Refused(tree with { Exit = [3, 3, 2, 4] }, "Node 2, from slot 3 on, is left at 4");
        Refused(tree with { Exit = [4, 4, 2, 3] }, "there are 3 nodes");
        Refused(tree with { Position = [0, 1, 2, 3] }, "Slot 3 has position 3, not 2");
        Refused(new FlexAttentionTree(1, 2, [0, -1], [1, 1], [0, -1]), "Slot 1 is padding");
        Refused(new FlexAttentionTree(1, 3, [0, -1, 1], [2, -1, 2], [0, -1, 1]), "one row without padding");

        static void Refused(FlexAttentionTree tree, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(tree.ToLayout).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Conventions_that_cannot_say_it_refuse_a_forest_with_the_reason()
    {
        var forest = new ForestCase([3, 2, 2], [-1, 0, 0]).Layout;
        foreach (var convert in (Action[])
            [
                () => FlashAttentionArguments.From(forest), () => HuggingFaceArguments.From(forest), () => XFormersSequences.From(forest),
                () => TransformerEngineSequences.From(forest), () => SegmentIdArrays.From(forest), () => OnnxRuntimePacking.From(forest),
                () => VllmMetadata.From(forest, new long[forest.SlotCount]),
            ])
            Assert.Contains("go on from each other", Assert.Throws<NotSupportedException>(convert).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => FlexAttentionTree.From(PackedLayout.Flat([1]).WithPast([1])));
        Assert.Throws<NotSupportedException>(() => VllmMetadata.From(PackedLayout.Flat([1]).WithPast([1]), 4));
    }

    private static void SeesAsTheMask(PackedLayout layout, FlexAttentionTree tree)
    {
        var (width, mask) = (layout.RowWidth, new bool[layout.RowWidth * layout.RowWidth]);
        for (var row = 0; row < layout.RowCount; row++)
        {
            layout.CopyMask(row, mask);
            for (var q = 0; q < width; q++)
                for (var k = 0; k < width; k++)
                {
                    var (query, key) = (row * width + q, row * width + k);
                    var sees = tree.Enter[key] <= tree.Enter[query] && tree.Enter[query] < tree.Exit[key]
                        && tree.Position[key] <= tree.Position[query];
                    var isPadding = layout.SegmentIds[query] == 0; // which sees itself in the mask
                    Assert.Equal(mask[q * width + k] && !isPadding, sees);
                }
        }
    }

    private static void Same(PackedLayout expected, PackedLayout actual)
    {
        Assert.Equal(expected.Lengths.ToArray(), actual.Lengths.ToArray());
        Assert.Equal(expected.PastLengths.ToArray(), actual.PastLengths.ToArray());
        Assert.Equal(expected.Segments.ToArray(), actual.Segments.ToArray());
        Assert.Equal(expected.Parents.ContainsAnyExcept(-1), actual.IsForest);
        if (actual.IsForest)
            Assert.Equal(expected.Parents.ToArray(), actual.Parents.ToArray());
    }
}
