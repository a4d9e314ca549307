namespace PackingKit;

/// <summary>
/// The types of items at a node of a <see cref="Refutation"/>: how many there are of each, what they weigh, and which may not share a bin.
/// </summary>
internal sealed class RefutedItems
{
    /// <summary>Pairs in conflict at a node, some 64 bytes each: 0.3 GB.</summary>
    public const long MaxConflicts = 1L << 22;

    private static readonly HashSet<int> None = [];

    private readonly Dictionary<int, HashSet<int>> _conflicts = [];

    /// <summary>The types at the root.</summary>
    public RefutedItems(IEnumerable<long> weights, IEnumerable<long> counts)
    {
        (Weights, Counts) = ([.. weights], [.. counts]);
        Items = [.. Enumerable.Repeat(1L, Counts.Count)];
    }

    public List<long> Weights { get; }

    public List<long> Counts { get; }

    /// <summary>How many items of the problem one item of a type is.</summary>
    public List<long> Items { get; }

    /// <summary>Pairs of types in conflict.</summary>
    public long Conflicts { get; private set; }

    /// <summary>The types that may not be in a bin with one; itself, where a bin may hold one item of it.</summary>
    public IReadOnlySet<int> ConflictsOf(int type) => _conflicts.GetValueOrDefault(type, None);

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
        foreach (var other in (int[])[.. ConflictsOf(first), .. ConflictsOf(second)])
            AddConflict(merged, other);
        return null;
    }

    /// <summary>Forbids two types to share a bin.</summary>
    /// <returns>What is wrong with that, if anything.</returns>
    public string? Separate(int first, int second)
    {
        if (Unknown(first, second) is { } fault)
            return fault;
        AddConflict(first, second);
        return null;
    }

    private void AddConflict(int a, int b)
    {
        foreach (var (one, other) in (ReadOnlySpan<(int, int)>)[(a, b), (b, a)])
        {
            if (!_conflicts.TryGetValue(one, out var others))
                _conflicts[one] = others = [];
            others.Add(other);
        }
        Conflicts++;
    }

    private string? Unknown(int first, int second) =>
        (uint)first < (uint)Counts.Count && (uint)second < (uint)Counts.Count ? null
        : $"Types {first} and {second} are not both below {Counts.Count}";
}
