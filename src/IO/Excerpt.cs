namespace PackingKit;

/// <summary>What of a file may stand in a message: enough to find the place, never a whole line.</summary>
internal static class Excerpt
{
    private const int MaxLength = 40;
    private const int MaxHalf = 200;
    private const int MaxNames = 10;

    /// <summary>A text, cut where it is long.</summary>
    public static string Of(ReadOnlySpan<char> text) => text.Length <= MaxLength ? text.ToString() : $"{text[..MaxLength]}...";

    /// <summary>A message without its middle where it is long: that of a JSON reader may quote the rest of the text.</summary>
    public static string OfMessage(string message) => message.Length <= 2 * MaxHalf ? message
        : $"{message[..MaxHalf]}...{message[^MaxHalf..]}";

    /// <summary>The first of several names, each cut, and how many more there are.</summary>
    public static string Of(IReadOnlyList<string> names)
    {
        var first = string.Join(", ", names.Take(MaxNames).Select(name => Of(name)));
        return names.Count <= MaxNames ? first : $"{first} and {names.Count - MaxNames} more";
    }
}
