using System.Text;

namespace PackingKit;

/// <summary>The lines of a text that say something, read one at a time.</summary>
internal static class TextLines
{
    /// <summary>The most characters in a line: a file without line ends is seldom what it is taken for.</summary>
    public const int MaxLength = 1 << 24;

    /// <summary>Control characters, but for those that are white space.</summary>
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(code => (char)code).Except("\t\n\v\f\r")]);

    /// <summary>Every line that is neither blank nor a remark, with its number.</summary>
    /// <exception cref="SizeFormatException">The data is not text, or a line is too long.</exception>
    public static IEnumerable<SizeLine> Read(TextReader reader)
    {
        var number = 0;
        foreach (var text in All(reader))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(text) && !text.StartsWith('#'))
                yield return new SizeLine(number, text);
        }
    }

    private static IEnumerable<string> All(TextReader reader)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        var number = 1;
        var afterReturn = false; // a line feed would belong to the line end that is already read
        for (int read; (read = reader.Read(buffer, 0, buffer.Length)) > 0;)
        {
            for (var start = 0; start < read;)
            {
                var length = buffer.AsSpan(start, read - start).IndexOfAny('\r', '\n');
                var end = length < 0 ? read : start + length;
                Append(line, buffer.AsSpan(start, end - start), number);
                afterReturn &= end == start;
                if (end < read && !(afterReturn && buffer[end] == '\n'))
                {
                    yield return line.ToString();
                    line.Clear();
                    number++;
                }
                afterReturn = end < read ? buffer[end] == '\r' : afterReturn;
                start = end + 1;
            }
        }
        if (line.Length > 0)
            yield return line.ToString();
    }

    private static void Append(StringBuilder line, ReadOnlySpan<char> text, int number)
    {
        // Compressed and binary files have such characters within the first few: refused before the rest is read.
        var control = text.IndexOfAny(Controls);
        if (control >= 0)
            throw new SizeFormatException(number, $"This is not text: it has the character U+{(int)text[control]:X4}.");
        if (text.Length > MaxLength - line.Length)
            throw new SizeFormatException(number, $"The line has more than {MaxLength} characters.");
        line.Append(text);
    }
}

/// <summary>A line that is not blank, with its number in the file, from 1.</summary>
internal readonly record struct SizeLine(int Number, string Text);
