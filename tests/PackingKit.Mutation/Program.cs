using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PackingKit.Mutation;

/// <summary>
/// <c>PackingKit.Tests OUT SAMPLE SCOPE...</c> makes all mutants of some scopes, draws a sample of each by a fixed seed (0: takes all), has
/// them judged, two scopes at a time, and writes OUT/SCOPE.json and the ones that survived.
/// </summary>
internal static class Program
{
    private const string JudgeVerb = "judge";
    private const int Seed = 16;

    /// <summary>Mutants that are killed between two looks whether the process is sound.</summary>
    private const int Usual = 10;

    /// <summary>Seconds of processor time that a mutant may take beyond what the tests take when cold; else it never ends.</summary>
    private const double Patience = 10;

    private static async Task<int> Main(string[] args)
    {
        if (args is [JudgeVerb, var stages, var interval, var numbers])
            return await Judge.RunAsync(stages.Split(';'), Number(interval), Array.ConvertAll(numbers.Split(','), Number));
        var (output, sample, scopes) = (args[0], Number(args[1]), Array.ConvertAll(args[2..], Scope.Named));

        // Beside a copy of this program, so that it loads the mutated library.
        var program = Path.Combine(output, "program");
        Directory.CreateDirectory(program);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)), overwrite: true);
        var (mutants, broken) = MutatedLibrary.Write(
            "src/PackingKit.csproj", file => Array.Exists(scopes, scope => scope.Has(file)), Path.Combine(program, "PackingKit.dll"));
        Console.WriteLine($"{mutants.Count} mutants, {broken} more do not compile");
        await Parallel.ForEachAsync(scopes, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (scope, _) =>
        {
            var all = mutants.Where(mutant => scope.Has(mutant.File)).ToArray();
            var chosen = all.ToArray();
            new Random(Seed).Shuffle(chosen);
            if (sample > 0 && sample < chosen.Length)
                chosen = chosen[..sample];
            var verdicts = new Dictionary<int, string>();
            for (var every = Usual; verdicts.Count < chosen.Length;)
            {
                int[] left = [.. chosen.Select(mutant => mutant.Number).Where(number => !verdicts.ContainsKey(number))];
                every = await JudgeAsync(program, scope, every, left, verdicts) ? Usual : 1;
            }
            Report(scope, output, all.Length, chosen, verdicts);
        });
        return 0;
    }

    /// <summary>Has mutants judged until all are, or one breaks the process or never ends, which counts as killed.</summary>
    /// <returns>False where a mutant left something broken behind: nothing is kept of what was said since the last look.</returns>
    private static async Task<bool> JudgeAsync(string program, Scope scope, int every, int[] numbers, Dictionary<int, string> verdicts)
    {
        var start = new ProcessStartInfo(
            Path.Combine(program, "PackingKit.Tests"),
            [JudgeVerb, string.Join(';', scope.Stages), every.ToString(CultureInfo.InvariantCulture), string.Join(',', numbers)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = "0x80000000" }, // 2 GB: a list that grows without end fails
        };
        using var judge = Process.Start(start)!;
        judge.ErrorDataReceived += (_, _) => { };
        judge.BeginErrorReadLine();
        var (next, spent, usual) = (-1, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        var unsure = new Dictionary<int, string>();
        var line = judge.StandardOutput.ReadLineAsync();
        while (true)
        {
            if (await Task.WhenAny(line, Task.Delay(1000)) != line)
            {
                judge.Refresh();
                if (judge.HasExited || judge.TotalProcessorTime - spent <= usual + TimeSpan.FromSeconds(Patience))
                    continue;
                judge.Kill(entireProcessTree: true);
                return End("timeout");
            }
            if (await line is not { } said)
            {
                await judge.WaitForExitAsync();
                if (next < 0)
                    throw new InvalidOperationException("The tests fail without a mutant.");
                return judge.ExitCode == 0 || (judge.ExitCode != Judge.Broken && End("crash"));
            }
            if (!judge.HasExited)
                spent = judge.TotalProcessorTime;
            if (said != Judge.Sound)
                unsure[numbers[next++]] = said.Split(' ')[1];
            else if (next < 0)
                (next, usual) = (0, spent);
            else
                Keep();
            line = judge.StandardOutput.ReadLineAsync();
        }

        bool End(string verdict)
        {
            unsure[numbers[next]] = verdict;
            Keep();
            return true;
        }

        void Keep()
        {
            foreach (var (number, verdict) in unsure)
                verdicts[number] = verdict;
            Console.WriteLine($"{scope.Name}: {verdicts.Count} judged, {verdicts.Values.Count(Judge.Survived.Equals)} survived");
            unsure.Clear();
        }
    }

    private static void Report(Scope scope, string output, int all, Mutant[] chosen, Dictionary<int, string> verdicts)
    {
        var survivors = chosen.Where(mutant => verdicts[mutant.Number] == Judge.Survived)
            .OrderBy(mutant => (mutant.File, mutant.Start)).ToArray();
        foreach (var mutant in survivors)
            Console.WriteLine($"{mutant.File}:{mutant.Line} {mutant.Kind}: {mutant.Text}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scope.Name}: {chosen.Length - survivors.Length} of {chosen.Length} killed, "
            + $"{1 - (double)survivors.Length / chosen.Length:P1}, of {all} mutants"));
        File.WriteAllText(Path.Combine(output, $"{scope.Name}.json"), JsonSerializer.Serialize(
            chosen.Select(mutant => new { Mutant = mutant, Verdict = verdicts[mutant.Number] })));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
