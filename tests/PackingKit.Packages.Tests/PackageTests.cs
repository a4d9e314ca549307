using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Packages.Tests;

/// <summary>What is in the packages, and what is said of them, is what was meant.</summary>
public class PackageTests(LocalFeed feed)
{
    /// <summary>What a package depends on: what its code names, and no version that was only pinned.</summary>
    private static readonly Dictionary<string, string[]> Dependencies = new()
    {
        ["PackingKit"] = ["Google.OrTools", "Google.Protobuf", "MathNet.Numerics", "Microsoft.Extensions.AI.Abstractions"],
        ["PackingKit.Attention"] = ["Microsoft.Extensions.AI.Abstractions", "Microsoft.ML.Tokenizers", "PackingKit", "TorchSharp"],
        ["PackingKit.Testing"] = ["FsCheck", "PackingKit"],
    };

    /// <summary>Of the format of portable symbols: a source file that is in them.</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static readonly TheoryData<string> Libraries =
        [.. PackedProject.All.Where(project => !project.IsTool).Select(project => project.Id)];

    public static readonly TheoryData<string> Ids = [.. PackedProject.All.Select(project => project.Id)];

    [Fact]
    public void Libraries_and_commands_are_packed() =>
        Assert.Equal(
            [.. Dependencies.Keys, "PackingKit.Cli", "PackingKit.Data"],
            PackedProject.All.OrderBy(project => project.IsTool).ThenBy(project => project.Id).Select(project => project.Id));

    [Theory, MemberData(nameof(Libraries))]
    public void A_package_depends_on_what_its_code_names(string id)
    {
        using var package = Open(id, ".nupkg");
        var group = Assert.Single(Manifest(package, id).Descendants(), element => element.Name.LocalName == "group");
        Assert.Equal("net10.0", group.Attribute("targetFramework")!.Value);
        Assert.Equal(
            Dependencies[id].Select(name => $"{name} {PackageVersions.Of(name)}"),
            group.Elements().Select(dependency => $"{dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}")
                .Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Libraries))]
    public void A_package_has_its_assembly_its_comments_its_page_and_its_icon(string id)
    {
        using var package = Open(id, ".nupkg");
        Assert.Equal(
            [
                $"{id}.nuspec", "README.md", "[Content_Types].xml", "_rels/.rels", "icon.png",
                $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml",
            ],
            package.Entries.Select(entry => entry.FullName).Where(name => !name.EndsWith(".psmdcp", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Libraries))]
    public void A_package_says_what_it_is(string id)
    {
        using var package = Open(id, ".nupkg");
        var said = Manifest(package, id).Descendants().Where(element => !element.HasElements)
            .DistinctBy(element => element.Name.LocalName).ToDictionary(element => element.Name.LocalName, element => element.Value);
        Assert.Equal((id, PackageVersions.Of(id)), (said["id"], said["version"]));
        Assert.Equal(("MIT", "PackingKit contributors"), (said["license"], said["authors"]));
        Assert.Equal(("README.md", "icon.png"), (said["readme"], said["icon"]));
        Assert.InRange(said["tags"].Split(' ').Length, 4, 10);
        Assert.Contains(said["releaseNotes"].ReplaceLineEndings("\n"), Text("docs/CHANGELOG.md"), StringComparison.Ordinal);
        Assert.NotEqual("", said["releaseNotes"]);

        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());
        Assert.Equal(Text(PackedProject.All.Single(project => project.Id == id).Readme), readme.ReadToEnd().ReplaceLineEndings("\n"));
    }

    [Theory, MemberData(nameof(Libraries))]
    public void Symbols_bring_every_source_file_and_from_CI_no_path_of_its_machine(string id)
    {
        using var package = Open(id, ".snupkg");
        using var file = new MemoryStream();
        using (var packed = package.GetEntry($"lib/net10.0/{id}.pdb")!.Open())
            packed.CopyTo(file);
        file.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(file);
        var symbols = provider.GetMetadataReader();
        Assert.True(symbols.Documents.Count > 10, $"There are only {symbols.Documents.Count} source files.");
        Assert.All(symbols.Documents, handle =>
        {
            var name = symbols.GetString(symbols.GetDocument(handle).Name);
            Assert.True(
                symbols.GetCustomDebugInformation(handle)
                    .Any(info => symbols.GetGuid(symbols.GetCustomDebugInformation(info).Kind) == EmbeddedSource),
                name);
            // Where CI builds what is published, it maps them (ContinuousIntegrationBuild).
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.StartsWith("/_/", name, StringComparison.Ordinal);
        });
    }

    /// <summary>The commands bring a solver for every system, 0.1 GB that would take a minute to pack: their projects are read.</summary>
    [Theory, MemberData(nameof(Ids))]
    public void A_project_that_is_packed_says_what_it_is(string id)
    {
        var packed = PackedProject.All.Single(project => project.Id == id);
        var project = XDocument.Load(packed.File);
        Assert.InRange(project.Descendants("Description").Single().Value.Length, 40, 200);
        Assert.StartsWith("$(PackageTags);", project.Descendants("PackageTags").Single().Value, StringComparison.Ordinal);
        Assert.StartsWith($"# {id}\n", Text(packed.Readme), StringComparison.Ordinal);
    }

    [Fact]
    public void The_icon_is_small_and_square()
    {
        var png = File.ReadAllBytes(Repository.PathOf("docs", "icon.png"));
        Assert.Equal("PNG"u8, png.AsSpan(1, 3));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.InRange(png.Length, 100, 20_000);
    }

    private static string Text(string page) => File.ReadAllText(Repository.PathOf(page)).ReplaceLineEndings("\n");

    private static XDocument Manifest(ZipArchive package, string id)
    {
        using var manifest = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(manifest);
    }

    private ZipArchive Open(string id, string extension) =>
        ZipFile.OpenRead(Path.Combine(feed.Folder, $"{id}.{PackageVersions.Of(id)}{extension}"));
}
