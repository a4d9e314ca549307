using Xunit;

namespace PackingKit.Testing;

/// <summary>
/// Pictures of the pages are drawn by code and committed; a test that draws one compares. After a change of what is drawn, running the
/// test with PACKINGKIT_UPDATE_DOCS=1 writes it anew.
/// </summary>
internal static class CommittedPicture
{
    public const string Update = "PACKINGKIT_UPDATE_DOCS";

    public static bool Updates => Environment.GetEnvironmentVariable(Update) == "1";

    /// <param name="svg">As it is drawn now.</param>
    /// <param name="path">Of the picture, in the repository.</param>
    public static void AssertIs(string svg, params string[] path)
    {
        var file = Repository.PathOf(path);
        if (Updates)
            File.WriteAllText(file, svg);
        Assert.True(
            File.Exists(file) && File.ReadAllText(file) == svg,
            $"{string.Join('/', path)} is not what is drawn ({Update}=1 writes it).");
    }
}
