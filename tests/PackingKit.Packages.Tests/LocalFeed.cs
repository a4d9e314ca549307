using System.Text.RegularExpressions;
using PackingKit.Packages.Tests;
using PackingKit.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(LocalFeed))]

namespace PackingKit.Packages.Tests;

/// <summary>
/// The libraries, packed into a feed that lies outside of the repository, and folders beside it for those who use them: what is restored
/// there comes from the feed where it is ours, and else from what the machine has or its sources serve.
/// </summary>
public sealed partial class LocalFeed : IDisposable
{
    /// <summary>How this was built, and so what it packs.</summary>
    public const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    /// <summary>For commands in the folders.</summary>
    private readonly Dictionary<string, string> _environment = new()
    {
        ["DOTNET_NOLOGO"] = "1",
        // Native libraries of 0.3 to 0.8 GB a program.
        ["CreateSymbolicLinksForCopyLocalIfPossible"] = "true",
    };

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("packingkit-packages-");

    public LocalFeed()
    {
        // Where programs of one file are built; it goes with the rest.
        _environment["XDG_DATA_HOME"] = EmptyFolder("data");
        foreach (var library in PackedProject.All.Where(project => !project.IsTool))
            Run(Repository.Root, "pack", library.File, "-c", Configuration, "--no-build", "--output", Folder);
        File.WriteAllText(Path.Combine(_root.FullName, "nuget.config"), NuGetConfig());
    }

    /// <summary>Where the packages are.</summary>
    public string Folder => Path.Combine(_root.FullName, "feed");

    /// <summary>An empty folder in which the packages can be used.</summary>
    public string EmptyFolder(string name) => _root.CreateSubdirectory(name).FullName;

    /// <summary>Runs <c>dotnet</c> and gives what it wrote.</summary>
    public string Run(string folder, params string[] arguments) => Dotnet.Run(folder, _environment, arguments);

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>The machine's sources stay as they are, for everything that is not ours.</summary>
    private string NuGetConfig()
    {
        var cache = Run(Repository.Root, "nuget", "locals", "global-packages", "--list").Split(": ", 2)[1].Trim();
        // A package of ours that somebody tried on this machine would be taken in place of the one to be tried.
        var isOursThere = Directory.EnumerateDirectories(cache, "packingkit*").Any();
        var fallback = isOursThere ? "" : $"""<add key="machine" value="{cache}" />""";
        var sources = Source().Matches(Run(Repository.Root, "nuget", "list", "source")).Select(source => source.Groups[1].Value);
        return $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(_root.FullName, "packages")}" />
              </config>
              <fallbackPackageFolders>
                {fallback}
              </fallbackPackageFolders>
              <packageSources>
                <add key="feed" value="{Folder}" />
              </packageSources>
              <packageSourceMapping>
                <packageSource key="feed"><package pattern="PackingKit" /><package pattern="PackingKit.*" /></packageSource>
                {string.Concat(sources.Select(name => $"""<packageSource key="{name}"><package pattern="*" /></packageSource>"""))}
              </packageSourceMapping>
            </configuration>
            """;
    }

    [GeneratedRegex(@"^\s*\d+\.\s+(.+?) \[\w+\]", RegexOptions.Multiline)]
    private static partial Regex Source();
}
