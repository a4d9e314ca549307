using System.Globalization;
using System.Text.RegularExpressions;

namespace PackingKit.Testing;

/// <summary>A table of a page: its cells by row and column.</summary>
internal sealed partial class PageTable
{
    private readonly string[] _columns;

    private PageTable(string[] columns, string[][] rows) => (_columns, Rows) = (columns, rows);

    public IReadOnlyList<string[]> Rows { get; }

    /// <summary>The first table below a heading.</summary>
    /// <param name="page">In the repository, as "docs/benchmarks.md".</param>
    /// <param name="heading">As the page has it, with its marks: "## Bins".</param>
    public static PageTable Below(string page, string heading)
    {
        var lines = File.ReadLines(Repository.PathOf(page.Split('/')))
            .SkipWhile(line => line != heading).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToArray();
        return lines.Length > 2
            ? new PageTable(lines[0], lines[2..])
            : throw new InvalidOperationException($"{page} has no table below '{heading}'.");
    }

    public string Cell(string[] row, string column) => row[Array.IndexOf(_columns, column)];

    /// <summary>The numbers of a cell, in their order: "2.98 (18.0x, 16.3x)" has three, "" none, "1,251" is one.</summary>
    public double[] Numbers(string[] row, string column) =>
        [.. Number().Matches(Cell(row, column)).Select(match => double.Parse(match.Value, NumberStyles.Any, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"\d+(,\d{3})*(\.\d+)?")]
    private static partial Regex Number();
}
