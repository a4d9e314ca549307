namespace PackingKit.Tests;

/// <summary>The eight heuristics of the textbook, whose every item has one place: what gives another bin than the oracle is wrong.</summary>
internal static class TextbookHeuristics
{
    public static readonly IReadOnlyList<string> Ids = ["nf", "ff", "bf", "wf", "nfd", "ffd", "bfd", "wfd"];
}
