using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// The C# in README.md, in docs/ and in the readmes of packages is code that is compiled and run: every block stands, apart from its
/// indentation, as a region in a Snippets.cs under tests/, or is a program of samples/Start. Pages of heuristics share one example, with
/// another strategy each.
/// </summary>
public class CodeBlockTests
{
    private static readonly string[] SnippetFiles =
        Directory.GetFiles(Repository.PathOf("tests"), "*Snippets.cs", SearchOption.AllDirectories);

    public static readonly TheoryData<string> Pages =
    [
        "README.md",
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .Select(page => Path.GetRelativePath(Repository.Root, page)).Order(StringComparer.Ordinal),
    ];

    public static readonly TheoryData<string> PackageReadmes = [.. PackedProject.All.Select(project => project.Readme)];

    [Theory, MemberData(nameof(Pages)), MemberData(nameof(PackageReadmes))]
    public void Every_block_of_code_is_a_region_that_is_compiled_and_run(string page)
    {
        var regions = SnippetFiles.SelectMany(file => Between(file, "#region", "#endregion")).Select(region => region.Text).ToHashSet();
        regions.UnionWith(StartProgram.All.SelectMany(program => (string[])[program.Packaged, program.Code]));
        if (PackingStrategies.All.FirstOrDefault(info => page == Path.Combine("docs", "strategies", info.Id + ".md")) is { } strategy)
            regions.Add(StrategyPage.ExampleOf(strategy));
        Assert.All(Between(Repository.PathOf(page), "```csharp", "```"), block =>
            Assert.True(regions.Contains(block.Text),
                $"{page}:{block.Line}: this code is in no #region of a Snippets.cs and no program of samples/Start:\n{block.Text}"));
    }

    [Fact]
    public void Every_region_is_shown_somewhere()
    {
        var blocks = Pages.SelectMany(page => Between(Repository.PathOf(page.Data), "```csharp", "```"))
            .Select(block => block.Text).ToHashSet();
        Assert.All(SnippetFiles, file => Assert.All(Between(file, "#region", "#endregion"), region =>
            Assert.True(blocks.Contains(region.Text), $"{file}:{region.Line}: this region is shown on no page:\n{region.Text}")));
        Assert.All(StartProgram.All, program =>
            Assert.True(blocks.Contains(program.Packaged), $"{program.Name} is shown on no page:\n{program.Packaged}"));
    }

    /// <summary>The texts between lines that begin with two marks, each without the indentation that all of its lines share.</summary>
    internal static IEnumerable<(int Line, string Text)> Between(string file, string begin, string end)
    {
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].TrimStart().StartsWith(begin, StringComparison.Ordinal))
                continue;
            var block = lines[(i + 1)..].TakeWhile(line => !line.TrimStart().StartsWith(end, StringComparison.Ordinal)).ToArray();
            yield return (i + 1, Unindented(block));
            i += block.Length + 1;
        }
    }

    private static string Unindented(string[] lines)
    {
        var indentation = lines.Where(line => line.Trim().Length > 0)
            .Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Trim().Length > 0 ? line[indentation..].TrimEnd() : "")).Trim();
    }
}
