using System.Text.RegularExpressions;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Packages.Tests;

/// <summary>The programs of docs/start.md, as they stand there, with what the page says that they print.</summary>
internal static partial class StartPage
{
    private static readonly Dictionary<string, (string Code, string Output)> Programs =
        Program().Matches(File.ReadAllText(Repository.PathOf("docs", "start.md")).ReplaceLineEndings("\n"))
            .ToDictionary(
                program => program.Groups["name"].Value,
                program => (program.Groups["code"].Value, program.Groups["output"].Value));

    /// <summary>The names of the files in samples/Start.</summary>
    public static TheoryData<string> Names => [.. StartProgram.All.Select(program => program.Name)];

    public static string Code(string name) => Programs[name].Code;

    /// <summary>What is printed ends in what the page says; warnings of the SDK come before, none of them about versions.</summary>
    public static void AssertPrinted(string name, string printed)
    {
        Assert.DoesNotContain("warning NU16", printed, StringComparison.Ordinal);
        Assert.EndsWith(Programs[name].Output, printed.Trim(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^## [^\n]*`(?<name>[^`]+)`\n.*?```csharp\n(?<code>.*?)\n```\n\n```text\n(?<output>.*?)\n```$",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Program();
}
