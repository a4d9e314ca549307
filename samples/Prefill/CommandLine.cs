using System.CommandLine;
using PackingKit.Attention;
using PackingKit.Samples.Models;
using PackingKit.Samples.Prefill.Checks;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill;

/// <summary>The command, and what each exit code means.</summary>
internal static class CommandLine
{
    private const int Success = 0;

    /// <summary>A check failed.</summary>
    private const int Failed = 1;

    /// <summary>An option or a file cannot be used.</summary>
    private const int BadInput = 2;

    public static int Run(string[] args)
    {
        var options = new PrefillOptions();
        var root = new RootCommand("Prefills the same prompts padded and packed, checks that every way gives the same, and measures them.");
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
        catch (OutOfMemoryException)
        {
            Console.Error.Say(MemoryNeed.Exhausted);
            return BadInput;
        }
    }

    private static int Run(PrefillSettings settings)
    {
        CheckFits(settings);
        TorchRuntime.EnsureLoaded();
        set_num_threads(settings.Threads);
        using var noGradients = inference_mode();
        using var model = CreateModel(settings);
        IReport report = settings.Json ? new JsonReport(Console.Out) : new TableReport();
        report.Start(settings, model);
        var rate = MatrixRate.Measure(model.Device, model.Dtype);
        var passed = true;
        foreach (var set in settings.Sets)
            foreach (var size in settings.BatchSizes)
            {
                var measured = report.Watch(progress => Experiment.Run(model, set, size, settings, rate, progress));
                WritePicture(settings, measured);
                report.Show(measured);
                passed &= measured.Passed;
            }
        return passed ? Success : Failed;
    }

    private static LlamaModel CreateModel(PrefillSettings settings)
    {
        if (settings.Device == "cuda" && !cuda.is_available())
            throw new BadInputException("--device cuda: libtorch sees no CUDA device here.");
        var device = new Device(settings.Device);
        var weights = settings.Weights is { } folder
            ? Checkpoint.Read(folder, device, settings.Dtype)
            : LlamaWeights.Random(LlamaShape.Named(settings.Model), settings.Seed, device, settings.Dtype);
        return new LlamaModel(weights, settings.MaxLength + PrefillChecks.DecodedTokens);
    }

    /// <summary>Says at once what a strategy or a plan would say later, in terms of the options.</summary>
    private static void CheckFits(PrefillSettings settings)
    {
        foreach (var set in settings.Sets)
        {
            var prompts = settings.BatchSizes.Max() * (settings.Batches + 1L);
            // Arrays of token IDs, and what .NET takes for an array.
            if (MemoryNeed.Refusal(prompts, sizeof(int) * (int)Math.Ceiling(set.Lengths.Average()) + 32) is { } refusal)
                throw new BadInputException($"--batches {settings.Batches}: {refusal}");
            var longest = set.Longest(prompts);
            if (settings.Planning.Capacity < longest)
                throw new BadInputException(
                    $"--capacity {settings.Planning.Capacity}: {set.Name} has a prompt of {longest} tokens, " +
                    "which no row of that size holds.");
            if (settings.Planning.Budget < longest && settings.Modes.Any(mode => mode.Name is "budget" or "shared"))
                throw new BadInputException(
                    $"--budget {settings.Planning.Budget}: {set.Name} has a prompt of {longest} tokens, " +
                    "which no pass of that size holds; leave out the modes budget and shared, and chunked cuts it.");
        }
    }

    /// <summary>The forest where only that is computed, else the rows.</summary>
    private static void WritePicture(PrefillSettings settings, Measurement measured)
    {
        var picture = measured.Modes is [{ Mode.Name: "shared" }]
            ? ForestPicture.Draw(measured.Set, PrefixForest.FromTokens(measured.FirstBatch), settings.Planning.Budget)
            : PackingPicture.Draw(measured.Set, Array.ConvertAll(measured.FirstBatch, prompt => prompt.Length), settings.Planning);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(settings.Picture)) is { } folder)
                Directory.CreateDirectory(folder);
            File.WriteAllText(settings.Picture, picture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--picture {settings.Picture}: {exception.Message}", exception);
        }
    }
}
