namespace PackingKit.Tests;

/// <summary>The heuristics of the textbook, for tests that compare the bin of every item with that of the oracle.</summary>
internal static class TextbookHeuristics
{
    public static readonly IReadOnlyList<string> Ids = ["nf", "ff", "bf", "wf", "nfd", "ffd", "bfd", "wfd"];
}
