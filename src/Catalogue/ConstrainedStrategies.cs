namespace PackingKit;

/// <summary>The strategies for several resources and rules, by short id.</summary>
public static class ConstrainedStrategies
{
    /// <summary>All of them, from the cheapest up: one row each.</summary>
    public static ValueList<ConstrainedStrategyInfo> All { get; } =
    [
        new("ffd", "first-fit decreasing", _ => new ConstrainedFirstFit()),
        new("bfd", "best-fit decreasing", _ => new ConstrainedBestFit()),
        new("dot-product", "bins one by one, the item that points where the room does", _ => new DotProductGreedy()),
        new("exact", "the best of them, then CP-SAT to a proof", options => new ConstrainedExact(options)),
    ];

    /// <summary>The short ids, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Ids { get; } = Array.AsReadOnly(All.Select(info => info.Id).ToArray());

    /// <summary>A strategy by its id.</summary>
    /// <param name="id">One of <see cref="Ids"/>.</param>
    /// <param name="options">For strategies that search; the others ignore it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">No strategy has the id; the message lists those there are.</exception>
    public static IConstrainedStrategy Create(string id, SearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        foreach (var info in All)
            if (info.Id == id)
                return info.Create(options);
        throw new ArgumentException($"There is no strategy '{id}'; there are {string.Join(", ", Ids)}.", nameof(id));
    }
}

/// <summary>One row of <see cref="ConstrainedStrategies"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ConstrainedStrategyInfo
{
    private readonly Func<SearchOptions, IConstrainedStrategy> _create;

    internal ConstrainedStrategyInfo(string id, string words, Func<SearchOptions, IConstrainedStrategy> create) =>
        (Id, Words, _create) = (id, words, create);

    /// <summary>Stable short id: "ffd".</summary>
    public string Id { get; }

    /// <summary>The id in words.</summary>
    public string Words { get; }

    /// <summary>A strategy of this kind.</summary>
    /// <param name="options">For strategies that search; the others ignore it.</param>
    public IConstrainedStrategy Create(SearchOptions? options = null) => _create(options ?? SearchOptions.Default);

    /// <summary>"ffd: first-fit decreasing".</summary>
    public override string ToString() => $"{Id}: {Words}";
}
