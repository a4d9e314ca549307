namespace PackingKit;

/// <summary>One row of the catalogue: all that is to be said of a strategy in general.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class StrategyInfo
{
    private readonly Func<SearchOptions, IPackingStrategy> _create;

    internal StrategyInfo(string id, string words, Func<SearchOptions, IPackingStrategy> create) =>
        (Id, Words, _create) = (id, words, create);

    /// <summary>Stable short id: "ffd".</summary>
    public string Id { get; }

    /// <summary>The id in words: "first-fit decreasing".</summary>
    public string Words { get; }

    /// <summary>Whether items are placed one by one in order of arrival, without knowledge of those to come.</summary>
    public bool IsOnline { get; internal init; }

    /// <summary>Whether a bin is opened only for an item that fits into no open bin.</summary>
    public bool IsAnyFit { get; internal init; }

    /// <summary>Whether it searches, so that <see cref="SearchOptions"/> matter.</summary>
    public bool IsSearch { get; internal init; }

    /// <summary>Distinct sizes beyond which it takes seconds, so that a study tries it only where it is named.</summary>
    internal int MostSizes { get; init; } = int.MaxValue;

    /// <summary>What is proved of it for every input without item limit, in the number of bins; empty where nothing is.</summary>
    public ValueList<ProvedRatio> Guarantees { get; internal init; } = [];

    /// <summary>Its span overloads, or <see langword="null"/> where it has none.</summary>
    public SpanOverloads? Spans { get; internal init; }

    /// <summary>A strategy of this kind.</summary>
    /// <param name="options">For strategies that search; the others ignore it.</param>
    public IPackingStrategy Create(SearchOptions? options = null) => _create(options ?? SearchOptions.Default);

    /// <summary>"ffd: first-fit decreasing".</summary>
    public override string ToString() => $"{Id}: {Words}";
}
