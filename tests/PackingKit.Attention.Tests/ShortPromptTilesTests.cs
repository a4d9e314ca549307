using FsCheck.Xunit;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>What the kernel for short prompts is given: the kernel itself needs CUDA.</summary>
[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 60)]
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
}
