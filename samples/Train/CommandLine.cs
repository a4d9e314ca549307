using System.CommandLine;
using System.Globalization;
using PackingKit.Attention;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Train;

/// <summary>The command, and what each exit code means.</summary>
internal static class CommandLine
{
    private const int Success = 0;

    /// <summary>The ways of training differ by more than the type's error.</summary>
    private const int Failed = 1;

    /// <summary>An option or a file cannot be used.</summary>
    private const int BadInput = 2;

    /// <summary>The most that losses of two ways differ, of the loss: sums in another order, and what 40 steps make of it.</summary>
    private const double Tolerance = 1e-3;

    public static int Run(string[] args)
    {
        var options = new TrainOptions();
        var root = new RootCommand("Trains a small Llama on packs of documents, and shows that it learns what it would learn one by one.");
        options.AddTo(root);
        root.SetAction(parsed => Run(options.Read(parsed)));
        var parsed = root.Parse(args);
        foreach (var error in parsed.Errors)
            Console.Error.Say(error.Message);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.Say("--help lists what there is.");
            return BadInput;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (BadInputException bad)
        {
            Console.Error.Say(bad.Message);
            return BadInput;
        }
    }

    private static int Run(TrainSettings settings)
    {
        TorchRuntime.EnsureLoaded();
        if (settings.Device == "cuda" && !cuda.is_available())
            throw new BadInputException("--device cuda: libtorch sees no CUDA device here.");
        set_num_threads(settings.Threads);
        Write(settings.Curve, LossCurve.Draw([])); // what cannot be written shows before the training
        var runs = new List<TrainedRun>();
        foreach (var way in settings.Ways)
            runs.Add(Watched(settings, way));
        Show(runs);
        Write(settings.Curve, LossCurve.Draw(runs));
        return runs.Count < 2 || settings.Device == "cuda" || Difference(runs[0], runs[1]) <= Tolerance ? Success : Failed;
    }

    private static TrainedRun Watched(TrainSettings settings, string way) =>
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).Start(context =>
        {
            var task = context.AddTask(way, maxValue: settings.Steps);
            return Trainer.Run(settings, way, (step, loss, rate) =>
            {
                task.Description = string.Create(CultureInfo.InvariantCulture, $"{way}, loss {loss:F3}, {rate:N0} tokens/s");
                task.Value = step + 1;
            });
        });

    private static void Show(List<TrainedRun> runs)
    {
        var table = new Table().AddColumns("way", "steps", "tokens", "first loss", "last loss", "tokens/s", "of the first");
        foreach (var run in runs)
            table.AddRow(
                run.Way, $"{run.Losses.Length}", run.Tokens.Sum(tokens => (long)tokens).ToString("N0", CultureInfo.InvariantCulture),
                Number(run.Losses[0], "F3"), Number(run.Losses[^1], "F3"), Number(run.Rate, "N0"), Number(run.Rate / runs[0].Rate, "F2"));
        AnsiConsole.Write(table);
        if (runs.Count > 1)
            AnsiConsole.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Losses differ by at most {Difference(runs[0], runs[1]):G2} of the loss."));

        static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static double Difference(TrainedRun one, TrainedRun other) =>
        one.Losses.Zip(other.Losses, (a, b) => Math.Abs(a - b) / Math.Max(a, b)).Max();

    private static void Write(string path, string picture)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            File.WriteAllText(path, picture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--curve {path}: {Messages.OfFile(path, exception)}", exception);
        }
    }
}
