using System.Xml.Linq;

namespace PackingKit.Testing;

/// <summary>Versions of packages: ours have one, of others it is the one that the repository takes.</summary>
public static class PackageVersions
{
    private static readonly XDocument Build = XDocument.Load(Repository.PathOf("Directory.Build.props"));
    private static readonly XDocument Packages = XDocument.Load(Repository.PathOf("Directory.Packages.props"));

    public static string Of(string id) => PackedProject.All.Any(project => project.Id == id)
        ? Build.Descendants("VersionPrefix").Single().Value
        : Packages.Descendants("PackageVersion").Single(package => package.Attribute("Include")!.Value == id).Attribute("Version")!.Value;
}
