using FsCheck;
using FsCheck.Fluent;

namespace PackingKit.Attention.Tests;

/// <summary>Nodes of a forest in depth-first order.</summary>
public sealed record ForestCase(int[] Lengths, int[] Parents)
{
    public PackedLayout Layout => PackedLayout.FromForest(Forest);

    /// <summary>One prompt for each node, down to it: the first token of each node is its own.</summary>
    public int[][] Prompts =>
        [.. Lengths.Select((_, node) => Path(node).SelectMany(step => Enumerable.Range(1000 * step + 1, Lengths[step])).ToArray())];

    public PrefixForest Forest => PrefixForest.FromTokens(Prompts);

    public PackedBatch Batch() => PackedBatch.Create(Layout, new int[Lengths.Sum()].AsSpan());

    /// <summary>The nodes from the root down to one.</summary>
    public List<int> Path(int node) => node < 0 ? [] : [.. Path(Parents[node]), node];

    public override string ToString() => $"lengths [{string.Join(' ', Lengths)}], parents [{string.Join(' ', Parents)}]";
}

/// <summary>Forests from no node to a dozen, any shape; they shrink to fewer and shorter nodes.</summary>
public static class ForestCases
{
    public static Arbitrary<ForestCase> ForestCase() => Arb.From(Generator, Shrink);

    public static Arbitrary<LayoutCase> LayoutCase() => LayoutCases.LayoutCase();

    private static Gen<ForestCase> Generator =>
        from count in Gen.Choose(0, 12)
        from lengths in Gen.Elements(1, 1, 2, 3, 7, 9, 17).ArrayOf(count)
        from seed in Gen.Choose(0, int.MaxValue)
        select new ForestCase(lengths, DepthFirst(new Random(seed), count));

    /// <summary>Each node goes on from the one before, from one of those that goes on from, or from none.</summary>
    private static int[] DepthFirst(Random random, int count)
    {
        var parents = new int[count];
        for (var node = 0; node < count; node++)
        {
            var parent = node - 1;
            while (parent >= 0 && random.Next(2) == 0)
                parent = parents[parent];
            parents[node] = parent;
        }
        return parents;
    }

    private static IEnumerable<ForestCase> Shrink(ForestCase it)
    {
        if (it.Lengths.Length > 0)
            yield return new ForestCase(it.Lengths[..^1], it.Parents[..^1]);
        for (var node = 0; node < it.Lengths.Length; node++)
            if (it.Lengths[node] > 1)
            {
                var shorter = (int[])it.Lengths.Clone();
                shorter[node] /= 2;
                yield return it with { Lengths = shorter };
            }
    }
}
