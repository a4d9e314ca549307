using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PackingKit.Mutation;

/// <summary>
/// <c>PackingKit.Tests FOLDER OUT SAMPLE</c> makes all mutants of a folder of src, draws a sample by a fixed seed (0: takes all), has them judged
/// and writes OUT/FOLDER.json and the ones that survived.
/// </summary>
internal static class Program
{
    private const string JudgeVerb = "judge";
    private const int Seed = 16;

    /// <summary>Processor time that a mutant may take beyond thrice what the tests take: it is in a loop without end.</summary>
    private const double Patience = 10;

    private static async Task<int> Main(string[] args)
    {
        if (args is [JudgeVerb, var stages, var numbers])
            return await Judge.RunAsync(stages.Split(';'), numbers.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)));
        var (scope, output, sample) = (Scope.Named(args[0]), args[1], int.Parse(args[2], CultureInfo.InvariantCulture));

        // Beside a copy of this program, so that it loads the mutated library.
        var program = Path.Combine(output, scope.Name);
        Directory.CreateDirectory(program);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)), overwrite: true);
        var (mutants, broken) = MutatedLibrary.Write("src/PackingKit.csproj", scope.Has, Path.Combine(program, "PackingKit.dll"));
        Console.WriteLine($"{scope.Name}: {mutants.Count} mutants, {broken} more do not compile");
        var chosen = mutants.ToArray();
        if (sample > 0 && sample < chosen.Length)
        {
            new Random(Seed).Shuffle(chosen);
            chosen = chosen[..sample];
        }
        var verdicts = new Dictionary<int, string>();
        while (verdicts.Count < chosen.Length)
            await JudgeAsync(program, scope, [.. chosen.Select(mutant => mutant.Number).Where(number => !verdicts.ContainsKey(number))], verdicts);
        Report(scope, output, mutants.Count, chosen, verdicts);
        return 0;
    }

    /// <summary>Has mutants judged until all are or one breaks the process, which counts as killed.</summary>
    private static async Task JudgeAsync(string program, Scope scope, int[] numbers, Dictionary<int, string> verdicts)
    {
        var start = new ProcessStartInfo(
            Path.Combine(program, "PackingKit.Tests"), [JudgeVerb, string.Join(';', scope.Stages), string.Join(',', numbers)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = "0x80000000" }, // 2 GB: a list that grows without end fails
        };
        using var judge = Process.Start(start)!;
        judge.ErrorDataReceived += (_, _) => { };
        judge.BeginErrorReadLine();
        var (next, spent, usual) = (-1, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        var line = judge.StandardOutput.ReadLineAsync();
        while (true)
        {
            if (await Task.WhenAny(line, Task.Delay(250)) != line)
            {
                if (judge.HasExited || judge.TotalProcessorTime - spent <= (3 * usual) + TimeSpan.FromSeconds(Patience))
                    continue;
                judge.Kill(entireProcessTree: true);
                Say(numbers[next], "timeout");
                return;
            }
            if (await line is not { } said)
            {
                await judge.WaitForExitAsync();
                if (next < 0)
                    throw new InvalidOperationException("The tests fail without a mutant.");
                // After a kill that left something broken behind, the process ends: go on in a new one.
                if (next < numbers.Length && judge.ExitCode != 1)
                    Say(numbers[next], "crash");
                return;
            }
            judge.Refresh();
            if (said == Judge.Ready)
                (next, usual) = (0, judge.TotalProcessorTime);
            else
                Say(numbers[next++], said.Split(' ')[1]);
            spent = judge.TotalProcessorTime;
            line = judge.StandardOutput.ReadLineAsync();
        }

        void Say(int number, string verdict)
        {
            verdicts[number] = verdict;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {verdict}"));
        }
    }

    private static void Report(Scope scope, string output, int all, Mutant[] chosen, Dictionary<int, string> verdicts)
    {
        var survivors = chosen.Where(mutant => verdicts[mutant.Number] == Judge.Survived).OrderBy(mutant => (mutant.File, mutant.Start)).ToArray();
        foreach (var mutant in survivors)
            Console.WriteLine($"{mutant.File}:{mutant.Line} {mutant.Kind}: {mutant.Text}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scope.Name}: {chosen.Length - survivors.Length} of {chosen.Length} killed, {1 - (double)survivors.Length / chosen.Length:P1}, of {all} mutants"));
        File.WriteAllText(Path.Combine(output, $"{scope.Name}.json"), JsonSerializer.Serialize(
            chosen.Select(mutant => new { mutant.Number, mutant.File, mutant.Line, mutant.Kind, mutant.Text, Verdict = verdicts[mutant.Number] })));
    }
}
