using PackingKit.Testing;

namespace PackingKit.Tests;

/// <summary>The page of a strategy, and the example that the pages of the heuristics share.</summary>
internal static class StrategyPage
{
    private static readonly PackingProblem Shared = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);

    public static string PathOf(string id) => Repository.PathOf("docs", "strategies", id + ".md");

    /// <summary>The lines under a heading of the second level, as one line.</summary>
    public static string Section(string id, string heading) => string.Join(' ', File.ReadLines(PathOf(id))
        .SkipWhile(line => line != $"## {heading}").Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)).Where(line => line.Length > 0));

    /// <summary>The shared example with this strategy: the one that is compiled, with another class and its number of bins.</summary>
    public static string ExampleOf(StrategyInfo strategy)
    {
        var snippets = Repository.PathOf("tests", "PackingKit.Tests", "Docs", "Snippets.cs");
        var compiled = CodeBlockTests.Between(snippets, "#region strategies: example", "#endregion").Single().Text;
        var type = strategy.Create().GetType();
        if (!type.GetConstructors().Any(constructor => constructor.GetParameters().All(parameter => parameter.IsOptional)))
            throw new InvalidOperationException($"new {type.Name}() does not compile.");
        return compiled.Replace(nameof(BestFitDecreasing), type.Name, StringComparison.Ordinal)
            .Replace("4 bins", $"{strategy.Create().Pack(Shared).BinCount} bins", StringComparison.Ordinal);
    }

    /// <summary>The packing of the shared example as a block of text.</summary>
    public static string PictureOf(StrategyInfo strategy)
    {
        List<string> picture = ["```text"];
        foreach (var bin in strategy.Create().Pack(Shared).Packing.Bins)
        {
            var items = string.Concat(bin.Select(item => $"|{Shared[item]}".PadRight(2 * (int)Shared[item], '=')));
            picture.Add($"bin {bin.Index}  {items}|{new string('.', 2 * (int)(Shared.Capacity - bin.Sum(item => Shared[item])))}");
        }
        return string.Join('\n', [.. picture, "```"]);
    }
}
