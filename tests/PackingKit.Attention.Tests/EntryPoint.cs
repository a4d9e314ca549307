using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PackingKit.Attention.Tests;

/// <summary>What xunit would generate, under a name that the project can give as the one to start.</summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] args) => args.Any(arg => arg is "--server" or "--internal-msbuild-node")
        ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
        : ConsoleRunner.Run(args);
}
