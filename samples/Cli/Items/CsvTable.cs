using System.Globalization;
using nietras.SeparatedValues;

namespace PackingKit.Cli;

/// <summary>
/// A CSV file as it stands, line by line, so that its columns come out as they went in. <see cref="SizeReader"/> has read it before: every
/// quoted field ends on its line.
/// </summary>
internal sealed class CsvTable
{
    private readonly string _file;
    private readonly SizeList _sizes;
    private readonly List<string> _lines = [];
    private readonly List<int> _numbers = [];

    /// <param name="input">Of the layout CSV, with its text.</param>
    public CsvTable(Input input)
    {
        (_file, _sizes) = (input.File, input.Sizes);
        using var reader = new StringReader(input.Text!);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
                continue;
            if (_sizes.Columns.Count > 0 && Header is null)
                Header = line;
            else
            {
                _lines.Add(line);
                _numbers.Add(number);
            }
        }
    }

    /// <summary>The line that names the columns; <see langword="null"/> where there is none.</summary>
    public string? Header { get; }

    /// <summary>What parts the fields.</summary>
    public char Delimiter => _sizes.Delimiter!.Value;

    /// <summary>Number in the file of each line that stands for items.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>The place of a column that is chosen by name or number, from 0.</summary>
    /// <exception cref="InputException">There is no such column, or there are two.</exception>
    public int IndexOf(string column)
    {
        if (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number - 1;
        int[] found = [.. Enumerable.Range(0, _sizes.Columns.Count).Where(index => _sizes.Columns[index] == column)];
        return found switch
        {
            [var index] => index,
            [] => throw new InputException(
                _file, 0, _sizes.Columns.Count == 0 ? $"There is no column '{column}': no line names the columns."
                    : $"There is no column '{column}', only {string.Join(", ", _sizes.Columns)}."),
            _ => throw new InputException(
                _file, 0, $"Columns {found[0] + 1} and {found[1] + 1} are both named '{column}': choose by number."),
        };
    }

    /// <summary>What a column holds on each line.</summary>
    /// <exception cref="InputException">A line ends before it.</exception>
    public string[] Values(int column)
    {
        var values = new string[_lines.Count];
        using var rows = Rows(unescape: true);
        foreach (var row in rows)
            values[row.RowIndex] = column < row.ColCount ? row[column].ToString().Trim()
                : throw new InputException(
                    _file, _numbers[row.RowIndex], $"There are {row.ColCount} fields, and the name is to be in field {column + 1}.");
        return values;
    }

    /// <summary>Writes lines again, each as often as told, with fields more and maybe another number in one of its fields.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="numbered">Place of the field with the number; <see langword="null"/> for lines as they are.</param>
    /// <param name="additions">For each line, that number and what the new fields hold; <see langword="null"/> leaves the line out.</param>
    public void WriteWith(TextWriter output, int? numbered, IReadOnlyList<IEnumerable<(int Number, string Added)>?> additions)
    {
        using var rows = Rows(unescape: false);
        foreach (var row in rows)
            foreach (var (number, added) in additions[row.RowIndex] ?? [])
            {
                if (numbered is { } index)
                    for (var column = 0; column < row.ColCount; column++)
                    {
                        if (column > 0)
                            output.Write(Delimiter);
                        if (column == index)
                            output.Write(number);
                        else
                            output.Write(row[column].Span);
                    }
                else
                    output.Write(row.Span);
                output.Write(Delimiter);
                output.WriteLine(added);
            }
    }

    private SepReader Rows(bool unescape) => Sep.New(Delimiter)
        .Reader(options => options with { HasHeader = false, DisableColCountCheck = true, Unescape = unescape })
        .FromText(string.Join('\n', _lines));
}
