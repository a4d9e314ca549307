using System.Reflection;

namespace PackingKit.Testing;

/// <summary>The naive oracles by the id of the strategy that they define: every method marked <c>OracleOf</c>.</summary>
public static class NaiveStrategies
{
    private static readonly Dictionary<string, Func<PackingCase, int[]>> ById = Oracles();

    /// <summary>All that have an oracle.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. ById.Keys];

    /// <summary>
    /// The bin of each item, as the definition of a strategy reads; bins are numbered in the order in which they were opened. Slow:
    /// quadratic at least, and exponential for "mbs" and "mbs-prime".
    /// </summary>
    /// <exception cref="ArgumentException">There is no oracle for the id; the message lists those there are.</exception>
    public static int[] Assign(string id, PackingCase of) => ById.TryGetValue(id, out var assign) ? assign(of)
        : throw new ArgumentException($"There is no naive '{id}'; there are {string.Join(", ", Ids)}.", nameof(id));

    /// <summary>The sizes in each bin of <see cref="Assign"/>, in decreasing order.</summary>
    /// <exception cref="ArgumentException">There is no oracle for the id; the message lists those there are.</exception>
    public static long[][] Bins(string id, PackingCase of)
    {
        var binOfItem = Assign(id, of);
        return
        [
            .. Enumerable.Range(0, binOfItem.DefaultIfEmpty(-1).Max() + 1).Select(bin =>
                of.Sizes.Where((_, item) => binOfItem[item] == bin).OrderDescending().ToArray()),
        ];
    }

    private static Dictionary<string, Func<PackingCase, int[]>> Oracles()
    {
        var byId = new Dictionary<string, Func<PackingCase, int[]>>();
        foreach (var method in typeof(NaiveStrategies).Assembly.GetTypes().SelectMany(type => type.GetMethods()))
            if (method.GetCustomAttribute<OracleOfAttribute>() is { } oracle)
                byId.Add(oracle.Id, method.CreateDelegate<Func<PackingCase, int[]>>());
        return byId;
    }
}
