using System.Globalization;
using System.Reflection;
using Xunit.Runner.InProc.SystemConsole;

namespace PackingKit.Mutation;

/// <summary>
/// Runs tests against one mutant after the other in a process that is warm, and says of each whether a test failed. After a failure the
/// same tests must pass without a mutant: where they do not, the mutant has left something broken behind, and the process ends.
/// </summary>
internal static class Judge
{
    public const string Killed = "killed", Survived = "survived", Ready = "ready";

    /// <param name="stages">Of tests, filters of xunit's, parted by blanks; a later stage runs where the ones before have not failed.</param>
    /// <param name="numbers">The mutants.</param>
    public static async Task<int> RunAsync(string[] stages, IEnumerable<int> numbers)
    {
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        var active = Assembly.Load("PackingKit").GetType("PackingKit.Mutants")!.GetField("_active", BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (var stage in stages) // warms up, and shows what a run takes
            if (await FailsAsync(stage))
                return 1;
        await output.WriteLineAsync(Ready);
        foreach (var number in numbers)
        {
            string? failed = null;
            active.SetValue(null, number);
            foreach (var stage in stages)
                if (failed is null && await FailsAsync(stage))
                    failed = stage;
            active.SetValue(null, 0);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{number} {(failed is null ? Survived : Killed)}"));
            if (failed is not null && await FailsAsync(failed))
                return 1;
        }
        return 0;
    }

    private static async Task<bool> FailsAsync(string stage)
    {
        string[] args = [.. stage.Split(' '), "-trait-", "speed=slow", "-stopOnFail", "-parallelMode", "none", "-noLogo", "-noColor"];
        using var runner = new ConsoleRunner(args, typeof(Judge).Assembly);
        return await runner.EntryPoint(TextReader.Null, TextWriter.Null) != 0;
    }
}
