using System.Globalization;
using System.Reflection;
using Xunit.Runner.InProc.SystemConsole;

namespace PackingKit.Mutation;

/// <summary>
/// Runs tests against one mutant after the other in a process that is warm, and says of each whether a test failed. After some failures
/// the same tests must pass without a mutant: where they do not, a mutant has left something broken behind, and the process ends.
/// </summary>
internal static class Judge
{
    public const string Killed = "killed", Survived = "survived", Sound = "sound";

    /// <summary>How the process ends where a mutant has left something broken behind.</summary>
    public const int Broken = 1;

    /// <summary>Tests that take seconds, for each mutant that survives.</summary>
    private static readonly string[] Without =
    [
        "-trait-", "speed=slow", "-method-", "*.Thousands_of_items_equal_the_naive_version", "-method-",
        "*.Rows_of_many_items_are_those_of_the_packing",
    ];

    /// <param name="stages">Filters of xunit's, parted by blanks; a later stage runs where the ones before have not failed.</param>
    /// <param name="every">Failures after which the process is looked at.</param>
    /// <param name="numbers">The mutants.</param>
    public static async Task<int> RunAsync(string[] stages, int every, int[] numbers)
    {
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        var active = Assembly.Load("PackingKit").GetType("PackingKit.Mutants")!
            .GetField("_active", BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (var stage in stages) // warms up, and shows what a run takes
            if (await FailsAsync(stage))
                return Broken;
        await output.WriteLineAsync(Sound);
        var unsure = new List<string>();
        foreach (var number in numbers)
        {
            string? failed = null;
            active.SetValue(null, number);
            foreach (var stage in stages)
                if (failed is null && await FailsAsync(stage))
                    failed = stage;
            active.SetValue(null, 0);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{number} {(failed is null ? Survived : Killed)}"));
            if (failed is not null)
                unsure.Add(failed);
            if (unsure.Count < every && number != numbers[^1])
                continue;
            foreach (var stage in unsure.Distinct())
                if (await FailsAsync(stage))
                    return Broken;
            unsure.Clear();
            await output.WriteLineAsync(Sound);
        }
        return 0;
    }

    private static async Task<bool> FailsAsync(string stage)
    {
        string[] args = [.. stage.Split(' '), .. Without, "-stopOnFail", "-parallelMode", "none", "-noLogo", "-noColor"];
        using var runner = new ConsoleRunner(args, typeof(Judge).Assembly);
        return await runner.EntryPoint(TextReader.Null, TextWriter.Null) != 0;
    }
}
