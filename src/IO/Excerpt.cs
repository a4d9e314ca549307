namespace PackingKit;

/// <summary>What of a file may stand in a message: enough to find the place, never a whole line.</summary>
internal static class Excerpt
{
    private const int MaxLength = 40;
    private const int MaxNames = 10;

    /// <summary>A text, cut where it is long.</summary>
    public static string Of(ReadOnlySpan<char> text) => text.Length <= MaxLength ? text.ToString() : $"{text[..MaxLength]}...";

    /// <summary>The first of several names, each cut, and how many more there are.</summary>
    public static string Of(IReadOnlyList<string> names)
    {
        var first = string.Join(", ", names.Take(MaxNames).Select(name => Of(name)));
        return names.Count <= MaxNames ? first : $"{first} and {names.Count - MaxNames} more";
    }
}
