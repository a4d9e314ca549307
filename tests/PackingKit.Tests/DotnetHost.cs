namespace PackingKit.Tests;

/// <summary>The program that runs assemblies, for tests that need a process of their own.</summary>
internal static class DotnetHost
{
    public static string Path { get; } =
        Environment.ProcessPath is { } host && System.IO.Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
}
