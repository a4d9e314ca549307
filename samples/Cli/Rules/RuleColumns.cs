namespace PackingKit.Cli;

/// <summary>What columns of an input say of its items beside their sizes.</summary>
internal sealed class RuleColumns(Input input)
{
    /// <summary>Pairs that items with marks in common make; more take too much memory.</summary>
    private const long MaxPairs = 10_000_000;

    private readonly ItemRows? _rows = input.Sizes.Format == SizeFormat.Csv ? new ItemRows(input, idColumn: null) : null;

    /// <summary>A number for each item, the same for equal entries; the entry of each number. An empty entry is none.</summary>
    public (ValueList<int> Numbers, IReadOnlyList<string> Names) Labels(string? column)
    {
        if (column is null)
            return ([], []);
        var numbers = new Dictionary<string, int>();
        ValueList<int> ofItems =
        [
            .. Entries(column).Select(entry => entry.Length == 0 ? PackingRules.None
                : numbers.TryAdd(entry, numbers.Count) ? numbers.Count - 1 : numbers[entry]),
        ];
        return (ofItems, [.. numbers.Keys]);
    }

    /// <summary>Pairs of items that have a mark in common.</summary>
    public IEnumerable<(int First, int Second)> Pairs(string column)
    {
        var groups = Entries(column)
            .SelectMany((entry, item) => entry.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Distinct().Select(mark => (mark, item)))
            .GroupBy(pair => pair.mark, pair => pair.item).Select(group => group.ToArray()).ToArray();
        if (groups.Sum(items => items.Length * (items.Length - 1L) / 2) > MaxPairs)
            throw new InputException(input.File, 0, $"The marks of column '{column}' keep more than {MaxPairs} pairs apart.");
        return
            from items in groups
            from first in Enumerable.Range(0, items.Length)
            from second in Enumerable.Range(first + 1, items.Length - first - 1)
            select (items[first], items[second]);
    }

    /// <summary>What a column holds for each item.</summary>
    private IEnumerable<string> Entries(string column)
    {
        if (_rows?.Table is not { } table)
            throw new InputException(input.File, 0, $"Only CSV has a column '{column}' to choose.");
        var values = table.Values(table.IndexOf(column));
        return Enumerable.Range(0, input.Problem.ItemCount).Select(item => values[_rows.Of(item).Index]);
    }
}
