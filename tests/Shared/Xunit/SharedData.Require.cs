using Xunit;

namespace PackingKit.Testing;

public static partial class SharedData
{
    /// <summary>The path of a file or folder in the data; skips the test, visibly, where it is not there.</summary>
    public static string Require(params string[] parts)
    {
        var path = Path.Combine([Folder ?? "shared", .. parts]);
        if (!Path.Exists(path))
            Assert.Skip($"{Path.Combine(parts)} is not on this machine; PACKINGKIT_SHARED names the folder that has it.");
        return path;
    }
}
