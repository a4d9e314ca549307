namespace PackingKit;

/// <summary>Pairs of items that are merged into one item each, and what patterns become by it.</summary>
internal sealed class MergedItems
{
    private readonly IReadOnlyList<(int A, int B)> _pairs;
    private readonly Dictionary<int, int> _pairOf = [];
    private readonly int[] _newIndex;
    private readonly int _oldCount;

    /// <summary>Merges one item of each type of a pair; no type in more than one pair.</summary>
    public MergedItems(ItemTypes items, IReadOnlyList<(int A, int B)> pairs)
    {
        (_pairs, _oldCount) = (pairs, items.Count);
        for (var pair = 0; pair < pairs.Count; pair++)
            _pairOf[pairs[pair].A] = _pairOf[pairs[pair].B] = pair;
        Items = items.Together(pairs, out _newIndex);
    }

    public ItemTypes Items { get; }

    /// <summary>Whether a pattern holds both items of a pair.</summary>
    public static bool Holds(Pattern pattern, int a, int b) =>
        a == b ? pattern.CopiesOf(a) > 1 : pattern.CopiesOf(a) > 0 && pattern.CopiesOf(b) > 0;

    /// <summary>A pattern in the types after merging, or null where it holds a type of which none is left.</summary>
    public Pattern? Translate(Pattern pattern)
    {
        List<(int Type, long Copies)> entries = [];
        for (var i = 0; i < pattern.Types.Length; i++)
        {
            var (type, copies) = (pattern.Types[i], pattern.Copies[i]);
            if (_pairOf.TryGetValue(type, out var pair) && Holds(pattern, _pairs[pair].A, _pairs[pair].B))
            {
                var (a, b) = _pairs[pair];
                copies -= a == b ? 2 : 1;
                if (type == a)
                    entries.Add((_newIndex[_oldCount + pair], 1));
            }
            if (copies == 0)
                continue;
            if (_newIndex[type] < 0)
                return null;
            entries.Add((_newIndex[type], copies));
        }
        entries.Sort();
        return new Pattern([.. entries.Select(entry => entry.Type)], [.. entries.Select(entry => entry.Copies)]);
    }
}
