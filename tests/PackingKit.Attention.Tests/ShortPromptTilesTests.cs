using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>What the kernel for short prompts is given: the kernel itself needs CUDA.</summary>
[Properties(Arbitrary = [typeof(ForestCases)], MaxTest = 60)]
public class ShortPromptTilesTests
{
    [Property]
    public void Every_token_is_a_query_once_and_sees_its_own_prompt_up_to_itself(LayoutCase it)
    {
        // Lengths times 40 reach over several tiles.
        int[] lengths = Array.ConvertAll(it.Lengths, length => 40 * length);
        var layout = PackedLayout.Flat(lengths, PromptOrder.LongestFirst);
        int[] past = [.. lengths.Select((_, prompt) => 7 * prompt)];
        int[] starts = [.. lengths.Select((_, prompt) => 10_000 * prompt)];
        var keys = new KeyLayout(
            10_000 * lengths.Length, starts, [.. lengths.Zip(past, (length, before) => length + before)], AreQueries: false);
        foreach (var groupSize in (int[])[1, 3, 4, 64])
        {
            var seen = new int[layout.SlotCount];
            foreach (var (first, count, keyStart, keyCount) in ShortPromptKernel.Tiles(layout, keys, groupSize))
            {
                Assert.InRange(count * groupSize, 1, ShortPromptKernel.TileSize);
                for (var query = 0; query < count; query++)
                {
                    seen[first + query]++;
                    var prompt = keyStart / 10_000;
                    var segment = layout.SegmentOf(prompt);
                    Assert.InRange(first + query, segment.Start, segment.End - 1);
                    Assert.Equal(
                        past[prompt] + first + query - segment.Start, keyCount - count + query); // the last key that it sees: itself
                }
            }
            Assert.All(seen, times => Assert.Equal(1, times));
        }
    }

    [Property]
    public void In_a_forest_every_token_sees_its_path_up_to_itself_and_siblings_fill_tiles_together(ForestCase it)
    {
        // Lengths times 11 reach over several tiles, and a tile over several nodes.
        it = it with { Lengths = Array.ConvertAll(it.Lengths, length => 11 * length) };
        var layout = it.Layout;
        var keys = KeyLayout.Of(layout);
        if (keys.Table is null)
            return;
        foreach (var groupSize in (int[])[1, 4, 64])
        {
            var tiles = ShortPromptKernel.Tiles(layout, keys, groupSize);
            var told = ShortPromptKernel.SharedKeys(layout, keys, tiles);
            var seen = new int[layout.SlotCount];
            for (var tile = 0; tile < tiles.Length; tile++)
            {
                var (first, count, own, keyCount) = tiles[tile];
                var (place, shared) = (told[2 * tile], told[2 * tile + 1]);
                Assert.InRange(count * groupSize, 1, ShortPromptKernel.TileSize);
                for (var query = first; query < first + count; query++)
                {
                    seen[query]++;
                    // As the kernel reads it: keys up to the query's, without what it skips of those that are not shared.
                    var (skip, visible) = (told[2 * tiles.Length + query], new List<int>());
                    for (var key = 0; key <= keyCount - count + query - first; key++)
                        if (key < shared)
                            visible.Add(told[2 * tiles.Length + layout.SlotCount + place + key]);
                        else if (key >= shared + skip)
                            visible.Add(own + key - shared);
                    var node = Enumerable.Range(0, layout.PromptCount).First(node => layout.SegmentOf(node).End > query);
                    var expected = it.Path(node).Select(layout.SegmentOf)
                        .SelectMany(segment => Enumerable.Range(segment.Start, segment.Length)).Where(slot => slot <= query);
                    Assert.Equal(expected, visible);
                    Assert.Equal(layout.PositionIds[query], keyCount - count + query - first - skip);
                }
            }
            Assert.All(seen, times => Assert.Equal(1, times));
        }
        var siblings = new ForestCase([100, 3, 4, 5, 6], [-1, 0, 0, 0, 0]).Layout;
        // 64 and 36 tokens of the root, and one tile of all others.
        Assert.Equal(3, ShortPromptKernel.Tiles(siblings, KeyLayout.Of(siblings), 1).Length);
    }
}
