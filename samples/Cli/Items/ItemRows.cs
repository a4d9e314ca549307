namespace PackingKit.Cli;

/// <summary>The lines of an input that stand for items, and which item stands on which.</summary>
internal sealed class ItemRows
{
    private readonly List<ItemRow> _rows = [];
    private readonly int[] _rowOfItem;

    /// <param name="input">With its text.</param>
    /// <param name="idColumn">The column of names, by name or number; <see langword="null"/> where lines have none.</param>
    /// <exception cref="InputException">There is no such column.</exception>
    public ItemRows(Input input, string? idColumn)
    {
        var sizes = input.Sizes;
        Table = sizes.Format == SizeFormat.Csv ? new CsvTable(input) : null;
        if (Table is null && idColumn is not null)
            throw new InputException(input.File, 0, "Only CSV has a column of names.");
        var names = idColumn is null ? null : Table!.Values(Table.IndexOf(idColumn));
        var byLine = sizes.Format is not (SizeFormat.Bpp or SizeFormat.Npy); // where there is not a line for each: told by their number
        _rowOfItem = new int[sizes.ItemCount];
        for (int item = 0, at = 0, last = 0; item < _rowOfItem.Length; item++)
        {
            var line = byLine ? sizes.LineOf(item) : 0;
            if (!byLine || line != last)
            {
                for (at += _rows.Count > 0 ? 1 : 0; Table is not null && Table.Numbers[at] < line;)
                    at++; // lines with a count of 0
                var name = names is not null && names[at].Length > 0 ? names[at] : byLine ? $"line {line}" : $"item {item + 1}";
                _rows.Add(new ItemRow(at, name, sizes.FromUnits(input.Problem[item])));
                last = line;
            }
            _rowOfItem[item] = _rows.Count - 1;
        }
    }

    /// <summary>The file, where it is CSV.</summary>
    public CsvTable? Table { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ItemRow> All => _rows;

    /// <summary>The row of an item.</summary>
    public ItemRow Of(int item) => _rows[_rowOfItem[item]];
}

/// <summary>What stands on a line of an input: one item, or several that are alike.</summary>
/// <param name="Index">From 0, in the order of the file; lines with a count of 0 are counted too.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Size">Of each, as the file measures it.</param>
internal sealed record ItemRow(int Index, string Name, decimal Size);
