using System.Reflection;

namespace PackingKit.Testing;

/// <summary>The naive oracles by id: the sizes in each bin, in decreasing order, bins in the order in which they were opened.</summary>
public static class NaiveStrategies
{
    private static readonly Dictionary<string, Func<PackingCase, long[][]>> ById = Oracles();

    /// <summary>All that have an oracle.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. ById.Keys];

    /// <summary>What the definition of a strategy gives.</summary>
    /// <exception cref="ArgumentException">There is no oracle for the id.</exception>
    public static long[][] Bins(string id, PackingCase of) => ById.TryGetValue(id, out var bins) ? bins(of)
        : throw new ArgumentException($"There is no naive '{id}'; there are {string.Join(", ", Ids)}.", nameof(id));

    private static Dictionary<string, Func<PackingCase, long[][]>> Oracles()
    {
        var byId = new Dictionary<string, Func<PackingCase, long[][]>>();
        foreach (var id in NaiveHeuristics.Ids)
            byId.Add(id, of => Grouped(of, NaiveHeuristics.Assign(id, of)));
        foreach (var id in NaiveFamily.Ids.Concat(NaiveFamily.IdsForFew))
            byId.Add(id, of => NaiveFamily.Bins(id, of));
        foreach (var method in typeof(NaiveStrategies).Assembly.GetTypes().SelectMany(type => type.GetMethods()))
            if (method.GetCustomAttribute<OracleOfAttribute>() is { } oracle)
                byId.Add(oracle.Id, of => Grouped(of, method.CreateDelegate<Func<PackingCase, int[]>>()(of)));
        return byId;
    }

    private static long[][] Grouped(PackingCase of, int[] binOfItem) =>
    [
        .. Enumerable.Range(0, binOfItem.DefaultIfEmpty(-1).Max() + 1).Select(bin =>
            of.Sizes.Where((_, item) => binOfItem[item] == bin).OrderDescending().ToArray()),
    ];
}
