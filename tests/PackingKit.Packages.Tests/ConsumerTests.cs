using System.Text.RegularExpressions;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Packages.Tests;

/// <summary>Packages alone are enough: programs are copied into folders outside of the repository, built and run.</summary>
public partial class ConsumerTests(LocalFeed feed)
{
    private static readonly Dictionary<string, (string Code, string Output)> Starts =
        Start().Matches(File.ReadAllText(Repository.PathOf("docs", "start.md")).ReplaceLineEndings("\n"))
            .ToDictionary(start => start.Groups["name"].Value, start => (start.Groups["code"].Value, start.Groups["output"].Value));

    public static readonly TheoryData<string> Names = [.. StartProgram.All.Select(program => program.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_program_of_one_file_prints_what_its_page_says(string name)
    {
        var folder = feed.EmptyFolder(Path.GetFileNameWithoutExtension(name));
        File.WriteAllText(Path.Combine(folder, name), Starts[name].Code);
        var printed = feed.Run(folder, "run", name).Trim();
        Assert.DoesNotContain("warning NU", printed, StringComparison.Ordinal);
        Assert.EndsWith(Starts[name].Output, printed, StringComparison.Ordinal); // whatever else the SDK says, it says before
    }

    /// <summary>The programs of attention.md, prefixes.md and embedding.md as one project; what needs a GPU is built and not run.</summary>
    [Fact]
    public void The_programs_of_the_pages_run()
    {
        var folder = feed.EmptyFolder("programs");
        string[] files =
        [
            .. Directory.GetFiles(Repository.PathOf("tests", "PackingKit.Packages.Tests", "Programs")),
            .. Directory.GetFiles(Repository.PathOf("tests", "PackingKit.Attention.Tests", "Docs"), "*Snippets.cs").Where(IsProgram),
        ];
        foreach (var file in files)
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var output = feed.Run(folder, "run");
        Assert.All(["next tokens ", "loss ", "pass of 2048: ", "3 vectors of 32"],
            said => Assert.Contains(said, output, StringComparison.Ordinal));
    }

    /// <summary>Code for a page that is a part of a program is a test.</summary>
    private static bool IsProgram(string snippets) => !File.ReadAllText(snippets).Contains("using Xunit;", StringComparison.Ordinal);

    [GeneratedRegex(@"^## [^\n]*`(?<name>[^`]+)`\n.*?```csharp\n(?<code>.*?)\n```\n\n```text\n(?<output>.*?)\n```$",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Start();
}
