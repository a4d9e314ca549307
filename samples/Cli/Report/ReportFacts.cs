using System.Reflection;
using System.Runtime.InteropServices;

namespace PackingKit.Cli;

/// <summary>What somebody needs to know to make a report again: where, by what and from what it was made.</summary>
internal static class ReportFacts
{
    private const string Processors = "/proc/cpuinfo", ModelOfProcessor = "model name";

    public static IEnumerable<string[]> Of(Comparison comparison, IEnumerable<string> arguments) =>
    [
        ["file", comparison.Input.File],
        ["SHA-256", comparison.Input.Sha256],
        ["command", string.Join(' ', arguments.Prepend("packingkit").Select(Quoted))],
        ["machine", Machine()],
        ["version", Version()],
    ];

    /// <summary>As a shell takes it.</summary>
    public static string Quoted(string argument) => argument.Length > 0 && argument.All(IsPlain) ? argument
        : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Machine() => $"{Processor()}, {Environment.ProcessorCount} threads, {RuntimeInformation.OSDescription}";

    private static string Version()
    {
        var version = typeof(PackingProblem).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return $"PackingKit {version}, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>The model where the system tells it, else what it understands.</summary>
    private static string Processor() =>
        (File.Exists(Processors) ? File.ReadLines(Processors) : [])
            .FirstOrDefault(line => line.StartsWith(ModelOfProcessor, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim()
        ?? $"{RuntimeInformation.ProcessArchitecture}";

    private static bool IsPlain(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || "-_./,:=+@%".Contains(letter, StringComparison.Ordinal);
}
