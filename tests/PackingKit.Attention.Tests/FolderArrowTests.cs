using System.Text.RegularExpressions;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>The folders of src.Attention are floors of a house: each names only itself and those below it.</summary>
public partial class FolderArrowTests
{
    /// <summary>From the ground up. Below the line are plain arrays, above it tensors.</summary>
    private static readonly string[] Folders =
        ["Layouts", "Dialects", /* line */ "Native", "Cuda", "Batches", "Kernels", "Attention", "Embedding"];

    private static readonly string Root = Repository.PathOf("src.Attention");

    [Fact]
    public void Every_file_is_in_one_of_the_folders_and_none_is_overfull()
    {
        var files = Directory.GetFiles(Root, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file));
        var found = files.GroupBy(file => Path.GetDirectoryName(file)!).ToDictionary(folder => folder.Key, folder => folder.Count());
        Assert.Equal(Folders.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found, folder => Assert.True(folder.Value is >= 4 and <= 12, $"{folder.Key} has {folder.Value} files, not 4 to 12."));
    }

    [Fact]
    public void A_folder_names_only_types_of_itself_and_of_folders_below()
    {
        var floorOf = new Dictionary<string, int>();
        for (var floor = 0; floor < Folders.Length; floor++)
            foreach (var (_, code) in Sources(Folders[floor]))
                foreach (Match declared in Declaration().Matches(code))
                    floorOf[declared.Groups["name"].Value] = floor;
        Assert.True(floorOf.Count > 40, $"Only {floorOf.Count} types were found: does the pattern still match?");

        var wrong =
            from floor in Enumerable.Range(0, Folders.Length)
            from source in Sources(Folders[floor])
            from name in Identifier().Matches(source.Code).Select(match => match.Value).Distinct()
            where floorOf.TryGetValue(name, out var declared) && declared > floor
            select $"{source.File} names {name} of {Folders[floorOf[name]]}";
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("Layouts")]
    [InlineData("Dialects")]
    public void Below_the_line_there_are_no_tensors(string folder) =>
        Assert.All(Sources(folder), source => Assert.False(source.Code.Contains("TorchSharp", StringComparison.Ordinal), source.File));

    [Fact]
    public void Names_in_comments_and_strings_do_not_count_and_those_in_interpolations_do()
    {
        const string code = """"
            /* A */ x = "B" + @"C ""B""" + """
                D "B"
                """ + $"E {F(1)}" + '"'; // G
            y = H;
            """";
        Assert.Equal(["x", "F", "y", "H"], Identifier().Matches(WithoutText(code)).Select(match => match.Value));
    }

    private static IEnumerable<(string File, string Code)> Sources(string folder) =>
        Directory.GetFiles(Path.Combine(Root, folder), "*.cs").Select(file =>
            (Path.GetRelativePath(Root, file), WithoutText(File.ReadAllText(file))));

    /// <summary>Code without comments and literals; of an interpolated string the expressions stay.</summary>
    private static string WithoutText(string code) => Text().Replace(code, match =>
        match.Value[0] == '$' ? string.Join(' ', Hole().Matches(match.Value).Select(hole => hole.Groups[1].Value)) : " ");

    [GeneratedRegex("""
        //[^\n]* | /\*.*?\*/ | \$*\"{3}.*?\"{3} | \$?@\"(?:\"\"|[^\"])*\" | \$?\"(?:\\.|[^\"\\\n])*\" | '(?:\\.|[^'\\\n])+'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Text();

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^(?:public|internal)\s(?:[\w\s]*\b(?:class|record|struct|interface|enum)|delegate\s[\w.]+)\s+(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Za-z_]\w*")]
    private static partial Regex Identifier();
}
