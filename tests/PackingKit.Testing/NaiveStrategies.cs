namespace PackingKit.Testing;

/// <summary>The naive oracles by id: the sizes in each bin, in decreasing order, bins in the order in which they were opened.</summary>
public static class NaiveStrategies
{
    /// <summary>All that have an oracle.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. NaiveHeuristics.Ids, .. NaiveFamily.Ids, .. NaiveFamily.IdsForFew, "ss"];

    /// <summary>What the definition of a strategy gives.</summary>
    /// <exception cref="ArgumentException">There is no oracle for the id.</exception>
    public static long[][] Bins(string id, PackingCase of)
    {
        if (!Ids.Contains(id))
            throw new ArgumentException($"There is no naive '{id}'; there are {string.Join(", ", Ids)}.", nameof(id));
        if (id != "ss" && !NaiveHeuristics.Ids.Contains(id))
            return NaiveFamily.Bins(id, of);
        var binOfItem = id == "ss" ? NaiveSumOfSquares.Assign(of) : NaiveHeuristics.Assign(id, of);
        var bins = new List<long>[binOfItem.DefaultIfEmpty(-1).Max() + 1];
        for (var bin = 0; bin < bins.Length; bin++)
            bins[bin] = [];
        for (var item = 0; item < binOfItem.Length; item++)
            bins[binOfItem[item]].Add(of.Sizes[item]);
        return [.. bins.Select(bin => bin.OrderDescending().ToArray())];
    }
}
