using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// Lines of code and project files have at most 140 characters, those of pages 160, apart from tables and blocks of code in pages.
/// </summary>
public class LineLengthTests
{
    public static readonly TheoryData<string> Trees = ["src", "src.Attention", "samples", "tests"];

    private static readonly string[] Code = ["*.cs", "*.cu", "*.csproj", "*.props", "*.targets"];

    [Fact]
    public void Lines_of_the_build_have_at_most_140_characters()
    {
        string[] files = [.. Code.SelectMany(pattern => Directory.GetFiles(Repository.Root, pattern))];
        Assert.True(files.Length >= 3, $"The root has only {files.Length} files.");
        AssertNone([.. files.SelectMany(file => Long(file, File.ReadAllLines(file), 140))]);
    }

    [Theory, MemberData(nameof(Trees))]
    public void Lines_of_code_have_at_most_140_characters(string tree)
    {
        string[] files = [.. Code.SelectMany(pattern => Directory.GetFiles(Repository.PathOf(tree), pattern, SearchOption.AllDirectories))];
        Assert.True(files.Length > 10, $"{tree} has only {files.Length} files.");
        AssertNone([.. files.SelectMany(file => Long(file, File.ReadAllLines(file), 140))]);
    }

    [Theory]
    [MemberData(nameof(CodeBlockTests.Pages), MemberType = typeof(CodeBlockTests))]
    [MemberData(nameof(CodeBlockTests.PackageReadmes), MemberType = typeof(CodeBlockTests))]
    public void Lines_of_pages_have_at_most_160_characters(string page)
    {
        var isCode = false;
        var prose = File.ReadAllLines(Repository.PathOf(page)).Select(line =>
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isCode ^= isFence;
            return isCode || isFence || line.StartsWith('|') ? "" : line;
        });
        AssertNone([.. Long(page, [.. prose], 160)]);
    }

    private static void AssertNone(string[] tooLong) => Assert.True(tooLong.Length == 0, string.Join('\n', tooLong));

    private static IEnumerable<string> Long(string file, string[] lines, int max) =>
        lines.Index().Where(line => line.Item.Length > max).Select(line => $"{file}:{line.Index + 1}: {line.Item.Length}");
}
