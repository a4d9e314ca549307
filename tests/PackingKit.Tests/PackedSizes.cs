namespace PackingKit.Tests;

internal static class PackedSizes
{
    /// <summary>The sizes in each bin, in the order of placement.</summary>
    public static long[][] ToSizes(this BinSequence bins, PackingProblem problem)
    {
        List<long[]> sizes = [];
        foreach (var bin in bins)
            sizes.Add([.. bin.Items.ToArray().Select(item => problem[item])]);
        return [.. sizes];
    }
}
