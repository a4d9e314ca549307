using System.Globalization;

namespace PackingKit;

/// <summary>Gathers sizes as they are read. A line that stands for many items takes no more memory than any other.</summary>
/// <param name="decimals">Whether sizes may have decimals; the unit is then the largest 10^-d that makes all of them whole.</param>
/// <param name="keepOrder">The most lines whose order is kept; beyond, lines of one size become one.</param>
internal sealed class SizeListBuilder(bool decimals, int keepOrder = int.MaxValue)
{
    private int _mostLines = keepOrder;
    private bool _isOrdered = true;
    private readonly List<long> _sizes = [];
    private readonly List<int> _lines = [];
    private readonly List<int> _ends = []; // of items after each line, from the first line on that stands for other than one item
    private int _decimals;
    private (char Point, int Line)? _point;

    /// <summary>Number of items.</summary>
    public int Count { get; private set; }

    /// <summary>The largest size.</summary>
    public long Largest { get; private set; }

    /// <summary>Whether every size so far is a whole number.</summary>
    public bool IsWhole => _decimals == 0;

    /// <summary>Takes the size of one item.</summary>
    /// <param name="text">A number.</param>
    /// <param name="line">The line it stands on.</param>
    /// <param name="comma">Whether a decimal comma can be told from a separator of columns here.</param>
    public void Add(ReadOnlySpan<char> text, int line, bool comma = false) => Add(Units(text, line, comma, "size"), line);

    /// <summary>Takes the size of several items.</summary>
    public void Add(ReadOnlySpan<char> text, int line, bool comma, ReadOnlySpan<char> countText)
    {
        var size = Units(text, line, comma, "size");
        var count = Whole(countText, line, "count");
        if (count > Array.MaxLength - Count)
            throw new SizeFormatException(line, $"The counts add up to more items than a list can hold, {Array.MaxLength}.");
        if (count > 0)
            Add(size, line, (int)count);
    }

    /// <summary>The list; a capacity, if the file has one, is a number read by <see cref="AddCapacity"/>.</summary>
    public SizeList ToList(SizeFormat format, IReadOnlyList<string>? columns = null, char? delimiter = null) => new(
        format, [.. _sizes], [.. _lines], _ends.Count == 0 ? null : [.. _ends], _decimals, Capacity, columns ?? [], delimiter)
    {
        IsOrdered = _isOrdered,
    };

    /// <summary>The capacity that the file names, in units of the sizes.</summary>
    public long? Capacity { get; private set; }

    public void AddCapacity(ReadOnlySpan<char> text, int line)
    {
        var capacity = Units(text, line, comma: false, "capacity");
        Capacity = capacity >= 1 ? capacity : throw new SizeFormatException(line, "The capacity is 0; it must be at least 1.");
    }

    /// <summary>A whole number that is not negative, or the exception that says what the text is instead.</summary>
    public static long Whole(ReadOnlySpan<char> text, int line, string what)
    {
        text = text.Trim();
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? NotNegative(value, text, line, what)
            : throw Refusal(text, text, line, what, "whole number");
    }

    /// <summary>Takes a size that is known to be no number below 0.</summary>
    public void Add(long size, int line, int count = 1)
    {
        if (_sizes.Count == _mostLines)
            Merge();
        if (count != 1 && _ends.Count == 0)
            _ends.AddRange(Enumerable.Range(1, _sizes.Count));
        var counted = count != 1 || _ends.Count > 0;
        Count += count;
        Largest = Math.Max(Largest, size);
        _sizes.Add(size);
        _lines.Add(line);
        if (counted)
            _ends.Add(Count);
    }

    /// <summary>One line for each size: the first that has it, for the items of all. Done again when the lines have doubled.</summary>
    private void Merge()
    {
        var counts = new Dictionary<long, (int Line, int Count)>();
        for (int entry = 0, start = 0; entry < _sizes.Count; entry++)
        {
            var end = _ends.Count == 0 ? entry + 1 : _ends[entry];
            var (line, count) = counts.GetValueOrDefault(_sizes[entry], (_lines[entry], 0));
            counts[_sizes[entry]] = (line, count + end - start);
            start = end;
        }
        _sizes.Clear();
        _lines.Clear();
        _ends.Clear();
        var items = 0;
        foreach (var (size, (line, count)) in counts)
        {
            _sizes.Add(size);
            _lines.Add(line);
            _ends.Add(items += count);
        }
        _isOrdered = false;
        _mostLines = Math.Max(_mostLines, (int)Math.Min(2L * _sizes.Count, Array.MaxLength));
    }

    /// <summary>The number in the unit of all before it, after making that smaller if the number needs it.</summary>
    private long Units(ReadOnlySpan<char> text, int line, bool comma, string what)
    {
        if (!decimals)
            return Whole(text, line, what);
        text = text.Trim();
        var at = comma ? text.IndexOfAny('.', ',') : text.IndexOf('.');
        if (at >= 0)
            ExpectPoint(text[at], line);
        var fraction = at < 0 ? default : text[(at + 1)..];
        var given = fraction.TrimEnd('0');
        var isNumber = !fraction.ContainsAnyExceptInRange('0', '9');
        var digits = at < 0 || !isNumber ? text : string.Concat(text[..at], given);
        if (!isNumber || !long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw Refusal(text, digits, line, what, "number");
        NotNegative(value, text, line, what);
        Refine(given.Length, line);
        return Scaled(value, _decimals - given.Length, line);
    }

    /// <summary>A comma for decimals here and a point there: one of them parts thousands, and nobody can tell which.</summary>
    private void ExpectPoint(char point, int line)
    {
        _point ??= (point, line);
        if (_point.Value.Point != point)
            throw new SizeFormatException(
                line, $"The number has the decimal separator '{point}', where line {_point.Value.Line} has '{_point.Value.Point}'.");
    }

    private void Refine(int digits, int line)
    {
        if (digits <= _decimals)
            return;
        for (var i = 0; i < _sizes.Count; i++)
            _sizes[i] = Scaled(_sizes[i], digits - _decimals, line);
        Capacity = Capacity is { } capacity ? Scaled(capacity, digits - _decimals, line) : null;
        Largest = Scaled(Largest, digits - _decimals, line);
        _decimals = digits;
    }

    private static long Scaled(long value, int digits, int line)
    {
        for (; digits > 0 && value != 0; digits--)
            value = value <= long.MaxValue / 10 ? value * 10
                : throw new SizeFormatException(line, "With these decimals a size leaves the range of a 64-bit integer.");
        return value;
    }

    private static long NotNegative(long value, ReadOnlySpan<char> text, int line, string what) =>
        value >= 0 ? value : throw new SizeFormatException(line, $"The {what} {Excerpt.Of(text)} is negative.");

    /// <summary>Of a text as it stands in the file, and of the same without its decimal separator.</summary>
    private static SizeFormatException Refusal(ReadOnlySpan<char> text, ReadOnlySpan<char> digits, int line, string what, string wanted)
    {
        digits = digits.TrimStart("+-");
        return new SizeFormatException(line,
            text.IsEmpty ? $"There is no {what}."
            : !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9')
                ? $"The {what} {Excerpt.Of(text)} leaves the range of a 64-bit integer."
            : $"Expected a {wanted} as {what}, found '{Excerpt.Of(text)}'.");
    }
}
