namespace PackingKit.Testing;

/// <summary>A program of samples/Start, which is one file and runs by <c>dotnet run</c>.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Text">The file: it takes the projects of the repository.</param>
public sealed record StartProgram(string Name, string Text)
{
    public static IReadOnlyList<StartProgram> All { get; } =
    [
        .. Directory.GetFiles(Repository.PathOf("samples", "Start"), "*.cs").Order(StringComparer.Ordinal)
            .Select(file => new StartProgram(Path.GetFileName(file), File.ReadAllText(file).ReplaceLineEndings("\n").Trim())),
    ];

    /// <summary>The program with packages in place of projects: it runs in an empty folder.</summary>
    public string Packaged => string.Join('\n', Text.Split('\n').Select(PackagedLine));

    /// <summary>The program without the lines that name projects and packages.</summary>
    public string Code =>
        string.Join('\n', Text.Split('\n').Where(line => !line.StartsWith("#:", StringComparison.Ordinal))).Trim();

    private static string PackagedLine(string line) => line.Split(' ') switch
    {
        ["#:project", var path] => Package(Path.GetFileNameWithoutExtension(path)),
        ["#:package", var id] => Package(id),
        _ => line,
    };

    private static string Package(string id) => $"#:package {id}@{PackageVersions.Of(id)}";
}
