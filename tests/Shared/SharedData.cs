namespace PackingKit.Testing;

/// <summary>
/// Data too large or not free enough for the repository: the folder named by PACKINGKIT_SHARED, or a folder 'shared' beside any folder
/// above the binaries.
/// </summary>
public static partial class SharedData
{
    /// <summary>The folder, or <see langword="null"/> where this machine has none.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PACKINGKIT_SHARED") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared") is var shared && Directory.Exists(Path.Combine(shared, "data")))
                return shared;
        return null;
    }
}
