using PackingKit.Testing;
using Xunit;

namespace PackingKit.Packages.Tests;

/// <summary>The programs of attention.md, prefixes.md and embedding.md as a user's project; what needs a GPU is built alone.</summary>
public class PageTests(LocalFeed feed)
{
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
        foreach (var package in (string[])["PackingKit.Attention", "libtorch-cpu-linux-x64"])
            feed.Run(folder, "add", "package", package, "--no-restore", "--version", PackageVersions.Of(package));
        var output = feed.Run(folder, "run");
        Assert.All(["next tokens ", "loss ", "pass of 2048: ", "3 vectors of 32"],
            said => Assert.Contains(said, output, StringComparison.Ordinal));
    }

    /// <summary>Code for a page that is a part of a program is a test.</summary>
    private static bool IsProgram(string snippets) => !File.ReadAllText(snippets).Contains("using Xunit;", StringComparison.Ordinal);
}
