namespace PackingKit;

/// <summary>The strategies for prompts that begin alike, by short id.</summary>
public static class PrefixStrategies
{
    /// <summary>All of them, from the plainest up: one row each.</summary>
    public static ValueList<PrefixStrategyInfo> All { get; } =
    [
        new("arrival", "next-fit in input order", _ => new ArrivalOrder()),
        new("first-fit", "first-fit over tries in input order", _ => new FirstFitTries()),
        new("tree-order", "next-fit in the order of the tree", _ => new TreeOrder()),
        new("subtrees", "whole subtrees, then best-fit decreasing", _ => new SubtreePacking()),
        new("certified", "the best of them, proved by column generation where need be", options => new CertifiedPasses(options)),
    ];

    /// <summary>The short ids, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Ids { get; } = Array.AsReadOnly(All.Select(info => info.Id).ToArray());

    /// <summary>A strategy by its id.</summary>
    /// <param name="id">One of <see cref="Ids"/>.</param>
    /// <param name="options">For strategies that search; the others ignore it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">No strategy has the id; the message lists those there are.</exception>
    public static IPrefixStrategy Create(string id, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        foreach (var info in All)
            if (info.Id == id)
                return info.Create(options);
        throw new ArgumentException($"There is no strategy '{id}'; there are {string.Join(", ", Ids)}.", nameof(id));
    }
}

/// <summary>One row of <see cref="PrefixStrategies"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PrefixStrategyInfo
{
    private readonly Func<SearchOptions, IPrefixStrategy> _create;

    internal PrefixStrategyInfo(string id, string words, Func<SearchOptions, IPrefixStrategy> create) =>
        (Id, Words, _create) = (id, words, create);

    /// <summary>Stable short id: "subtrees".</summary>
    public string Id { get; }

    /// <summary>The id in words.</summary>
    public string Words { get; }

    /// <summary>A strategy of this kind.</summary>
    /// <param name="options">For strategies that search; the others ignore it.</param>
    public IPrefixStrategy Create(SearchOptions? options = null) => _create(options ?? SearchOptions.Default);

    /// <summary>"subtrees: whole subtrees, then best-fit decreasing".</summary>
    public override string ToString() => $"{Id}: {Words}";
}
