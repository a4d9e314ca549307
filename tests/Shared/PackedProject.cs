using System.Xml.Linq;

namespace PackingKit.Testing;

/// <summary>A project that is packed.</summary>
/// <param name="File">Its full path.</param>
/// <param name="Id">The package.</param>
/// <param name="IsTool">Whether it is a command rather than a library.</param>
public sealed record PackedProject(string File, string Id, bool IsTool)
{
    public static IReadOnlyList<PackedProject> All { get; } = [.. Find()];

    /// <summary>The page of the package, from the root of the repository.</summary>
    public string Readme => Path.GetRelativePath(Repository.Root, Path.Combine(Path.GetDirectoryName(File)!, "README.md"));

    private static IEnumerable<PackedProject> Find() =>
        from tree in (string[])["src", "src.Attention", "tests", "samples"]
        from file in Directory.EnumerateFiles(Repository.PathOf(tree), "*.csproj", SearchOption.AllDirectories)
        let project = XDocument.Load(file)
        where project.Descendants("IsPackable").Any(value => value.Value == "true")
        select new PackedProject(file, project.Descendants("PackageId").Single().Value, project.Descendants("PackAsTool").Any());
}
