namespace PackingKit;

/// <summary>
/// The types of items at a node of a <see cref="Refutation"/>: how many there are of each, what they weigh, and which may not share a bin.
/// </summary>
internal sealed class RefutedItems
{
    private readonly List<HashSet<int>> _conflicts;

    /// <summary>The types at the root.</summary>
    public RefutedItems(IEnumerable<long> weights, IEnumerable<long> counts)
    {
        (Weights, Counts) = ([.. weights], [.. counts]);
        Items = [.. Enumerable.Repeat(1L, Counts.Count)];
        _conflicts = [.. Counts.Select(_ => new HashSet<int>())];
    }

    public List<long> Weights { get; }

    public List<long> Counts { get; }

    /// <summary>How many items of the problem one item of a type is.</summary>
    public List<long> Items { get; }

    /// <summary>The types that may not be in a bin with one; itself, where a bin may hold one item of it.</summary>
    public IReadOnlySet<int> ConflictsOf(int type) => _conflicts[type];

    /// <summary>Merges an item of one type and an item of another (or of the same) into one item of a new type.</summary>
    /// <returns>What is wrong with that, if anything.</returns>
    public string? Merge(int first, int second)
    {
        if (Unknown(first, second) is { } fault)
            return fault;
        if (Counts[first] < 1 || Counts[second] < (first == second ? 2 : 1))
            return $"There are no items of types {first} and {second} left to merge";
        Counts[first]--;
        Counts[second]--;
        var merged = Counts.Count;
        Counts.Add(1);
        Weights.Add(Weights[first] + Weights[second]); // at most the weight of all items
        Items.Add(Items[first] + Items[second]);
        _conflicts.Add([.. _conflicts[first], .. _conflicts[second]]);
        foreach (var other in _conflicts[merged])
            _conflicts[other].Add(merged);
        return null;
    }

    /// <summary>Forbids two types to share a bin.</summary>
    /// <returns>What is wrong with that, if anything.</returns>
    public string? Separate(int first, int second)
    {
        if (Unknown(first, second) is { } fault)
            return fault;
        _conflicts[first].Add(second);
        _conflicts[second].Add(first);
        return null;
    }

    private string? Unknown(int first, int second) =>
        (uint)first < (uint)Counts.Count && (uint)second < (uint)Counts.Count ? null
        : $"Types {first} and {second} are not both below {Counts.Count}";
}
