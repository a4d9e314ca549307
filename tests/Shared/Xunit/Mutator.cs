using System.Text;

namespace PackingKit.Testing;

/// <summary>Makes broken documents of whole ones: what a bad disk, a careless editor or somebody with bad intent would.</summary>
public sealed class Mutator(int seed)
{
    private const int MaxMutations = 4;

    /// <summary>What parsers trip over: ends of ranges, other types, halves of pairs.</summary>
    private static readonly byte[][] Snippets =
    [
        .. new[]
        {
            "-1", "0", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "1e400", "-0", "1.5", "0,5", "null",
            "true", "[]", "{}", "[[1]]", "\"\"", "\"", "\\ud800", ",", ";", "\t", "\n", "\r", "#", ":", "(65536, 65536, 65536, 65536, 0)",
        }.Select(Encoding.Latin1.GetBytes),
        [0xF8], [0xF9], [0xFF], [0], [0xEF, 0xBB, 0xBF],
    ];

    private readonly Random _random = new(seed);

    /// <summary>One of the documents with a few changes.</summary>
    public byte[] Next(byte[][] documents)
    {
        List<byte> bytes = [.. documents[_random.Next(documents.Length)]];
        for (var changes = _random.Next(1, MaxMutations + 1); changes > 0; changes--)
            Change(bytes, documents);
        return [.. bytes];
    }

    /// <summary>
    /// The text of a document: byte for character, the last eight being those that make trouble, such as halves of surrogate pairs.
    /// </summary>
    public static string Text(byte[] document) => string.Create(document.Length, document, static (text, bytes) =>
    {
        const string trouble = "\ud800\udc00\u2028\ufeff\u0660\uffff\u00a0\ufffd";
        for (var i = 0; i < text.Length; i++)
            text[i] = bytes[i] < 256 - trouble.Length ? (char)bytes[i] : trouble[bytes[i] - (256 - trouble.Length)];
    });

    private void Change(List<byte> bytes, byte[][] documents)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, 1 + _random.Next(1, 40)), bytes.Count - at);
        switch (_random.Next(9))
        {
            case 0 when at < bytes.Count: // flip a bit
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2: // insert
                bytes.InsertRange(at, Enumerable.Range(0, _random.Next(1, 9)).Select(_ => (byte)_random.Next(256)));
                break;
            case 3: // duplicate, often enough to grow
                var part = bytes.GetRange(at, length);
                bytes.InsertRange(at, Enumerable.Range(0, _random.Next(1, 20)).SelectMany(_ => part).ToArray());
                break;
            case 4: // extend a number
                var digit = bytes.FindIndex(at, value => char.IsAsciiDigit((char)value));
                if (digit >= 0)
                    bytes.InsertRange(digit, Enumerable.Range(0, _random.Next(1, 20)).Select(_ => (byte)('0' + _random.Next(10))));
                break;
            case 5: // truncate
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6: // another number
                var number = bytes.FindIndex(at, value => char.IsAsciiDigit((char)value));
                var end = number < 0 ? -1 : bytes.FindIndex(number, value => !char.IsAsciiDigit((char)value));
                if (end > 0)
                    bytes.RemoveRange(number, end - number);
                if (number >= 0)
                    bytes.InsertRange(number, Snippets[_random.Next(Snippets.Length)]);
                break;
            case 7: // put something else there
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Snippets[_random.Next(Snippets.Length)]);
                break;
            default: // the tail of another document
                var other = documents[_random.Next(documents.Length)];
                bytes.InsertRange(at, other[_random.Next(other.Length)..]);
                break;
        }
    }
}
