namespace PackingKit.Cli;

/// <summary>A bin as a bar as long as its capacity, with what it holds from left to right and the room that is left hatched.</summary>
internal static class BinPicture
{
    /// <summary>Parts below this share of the bin are told by their length alone; their names would not be seen.</summary>
    private const decimal MinNamed = 0.03m;

    /// <param name="description">For those who do not see it.</param>
    /// <param name="parts">Name and size of each item; the names may be empty.</param>
    /// <param name="capacity">Length of the bar, above 0.</param>
    public static Html Of(string description, IEnumerable<(string Name, decimal Size)> parts, decimal capacity) => Html.Of($"""
        <div class="bin" role="img" aria-label="{description}">{Html.Join(parts.Where(part => part.Size > 0).Select(part => Html.Of(
            $"""<span style="width:{100 * part.Size / capacity:0.###}%">{NameIn(part, capacity)}</span>""")))}</div>
        """);

    private static string NameIn((string Name, decimal Size) part, decimal capacity) =>
        part.Size / capacity < MinNamed ? "" : part.Name;
}
