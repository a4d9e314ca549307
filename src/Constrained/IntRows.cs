namespace PackingKit;

/// <summary>Rows of numbers of different lengths, as compressed sparse rows.</summary>
internal sealed class IntRows
{
    private readonly int[] _offsets, _values;

    /// <summary>Values by row; inside a row in the order in which they come. O(rows + entries).</summary>
    public IntRows(int rows, IReadOnlyCollection<(int Row, int Value)> entries)
    {
        (_offsets, _values) = (new int[rows + 1], new int[entries.Count]);
        foreach (var (row, _) in entries)
            _offsets[row + 1]++;
        for (var row = 0; row < rows; row++)
            _offsets[row + 1] += _offsets[row];
        var next = _offsets.AsSpan(..^1).ToArray();
        foreach (var (row, value) in entries)
            _values[next[row]++] = value;
    }

    public ReadOnlySpan<int> this[int row] => _values.AsSpan(_offsets[row].._offsets[row + 1]);
}
