using System.Diagnostics;
using PackingKit.Attention;
using PackingKit.Samples.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Train;

/// <summary>What a way of training gave.</summary>
/// <param name="Way">Its name.</param>
/// <param name="Losses">The loss of each step.</param>
/// <param name="Tokens">Tokens of each step.</param>
/// <param name="Seconds">Time of each step.</param>
internal sealed record TrainedRun(string Way, float[] Losses, int[] Tokens, double[] Seconds)
{
    /// <summary>Tokens a second, the median over the steps after the first quarter.</summary>
    public double Rate
    {
        get
        {
            var rates = Tokens.Zip(Seconds, (tokens, seconds) => tokens / seconds).Skip(Tokens.Length / 4).Order().ToArray();
            return rates[rates.Length / 2];
        }
    }
}

/// <summary>Learns the packs of a corpus, one a step.</summary>
internal static class Trainer
{
    private const double MaxNorm = 1;

    /// <summary>
    /// Packs in the order in which they are learned: documents of a pack are at most so many tokens together, and every document is in one.
    /// </summary>
    public static int[][] Packs(TrainSettings settings)
    {
        var lengths = Array.ConvertAll(settings.Corpus.Documents, document => document.Length);
        var problem = PackingProblem.Create(lengths, settings.Tokens);
        // Random documents fill their rows in order already; text is packed as tightly as it goes, and packs are shuffled.
        var isFull = problem.TotalSize % settings.Tokens == 0 && problem.TotalSize / settings.Tokens == settings.Steps;
        IPackingStrategy strategy = isFull ? new NextFit() : new BestFitDecreasing();
        int[][] packs = [.. strategy.Pack(problem).Packing.Bins.Select(bin => bin.Items.ToArray())];
        if (!isFull)
            new Random(0).Shuffle(packs);
        return [.. Enumerable.Range(0, settings.Steps).Select(step => packs[step % packs.Length])];
    }

    /// <summary>Trains a new model.</summary>
    /// <param name="settings">What to learn and how.</param>
    /// <param name="way">"packed" or "one-by-one".</param>
    /// <param name="report">Told step, loss and tokens a second.</param>
    public static TrainedRun Run(TrainSettings settings, string way, Action<int, float, double> report)
    {
        var device = new Device(settings.Device);
        var dtype = settings.Device == "cuda" ? ScalarType.BFloat16 : ScalarType.Float32;
        var (corpus, packs) = (settings.Corpus, Packs(settings));
        using var weights = new Weights(device, dtype, seed: 0);
        using var model = new Llama(settings.Model, corpus.Documents.Max(document => document.Length), weights);
        weights.Seal(settings.LearningRate);
        var shape = settings.Model.Attention(dtype);
        var run = new TrainedRun(way, new float[packs.Length], new int[packs.Length], new double[packs.Length]);
        var watch = Stopwatch.StartNew();
        var next = Prepare(0);
        for (var step = 0; step < packs.Length; step++)
        {
            using var scope = NewDisposeScope();
            using var lesson = next!;
            var losses = lesson.Learn(model);
            weights.Step(MaxNorm);
            next = step + 1 < packs.Length ? Prepare(step + 1) : null; // while the device works
            run.Losses[step] = losses.sum().item<float>(); // waits for it
            run.Seconds[step] = watch.Elapsed.TotalSeconds;
            watch.Restart();
            run.Tokens[step] = packs[step].Sum(document => corpus.Documents[document].Length);
            report(step, run.Losses[step], run.Tokens[step] / run.Seconds[step]);
        }
        return run;

        Lesson? Prepare(int step)
        {
            var documents = Array.ConvertAll(packs[step], document => corpus.Documents[document]);
            return new Lesson(way == "packed" ? [documents] : Array.ConvertAll(documents, document => (int[][])[document]), shape, device);
        }
    }
}
