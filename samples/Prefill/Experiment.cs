using PackingKit.Samples.Prefill.Checks;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using PackingKit.Samples.Prefill.Prompts;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill;

/// <summary>What one mode took for all batches.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Slots">Token slots computed, all batches together.</param>
/// <param name="Filled">Those of them that hold a token.</param>
/// <param name="Rows">Rows, all batches together.</param>
/// <param name="Passes">Forward passes, all batches together.</param>
/// <param name="MatrixOperations">Floating-point operations of the matrix products, all batches together.</param>
/// <param name="Plan">Time of packing and laying out, a batch; part of the two that follow.</param>
/// <param name="Fresh">Time of a batch whose lengths were not seen before.</param>
/// <param name="Seen">Time of the same batch again.</param>
/// <param name="Memory">After each batch.</param>
/// <param name="Check">Against prompts alone, on the first batch; <see langword="null"/> if not asked for.</param>
internal sealed record ModeMeasurement(
    PrefillMode Mode, long Slots, long Filled, long Rows, long Passes, double MatrixOperations,
    TimeSpan[] Plan, TimeSpan[] Fresh, TimeSpan[] Seen, MemoryState[] Memory, CheckResult? Check)
{
    public TimeSpan SeenTotal => Seen.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
}

/// <summary>Batches of one size, from one set of lengths, in every mode.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="BatchSize">Prompts of a batch.</param>
/// <param name="Tokens">Tokens of all batches.</param>
/// <param name="FirstBatch">Token IDs of the first batch.</param>
/// <param name="MatrixRate">What the device reached in plain products at the start of this run.</param>
/// <param name="Modes">In the order in which they ran.</param>
internal sealed record Measurement(
    string Set, int BatchSize, long Tokens, int[][] FirstBatch, MatrixRate MatrixRate, IReadOnlyList<ModeMeasurement> Modes)
{
    public bool Passed => Modes.All(mode => mode.Check is not { Passed: false });
}

/// <summary>Measures and checks modes on the same batches.</summary>
internal static class Experiment
{
    private const int WarmUps = 2;

    public static Measurement Run(
        LlamaModel model, IPromptSet set, int size, PrefillSettings settings, MatrixRate rate, IProgress<string> progress)
    {
        var batches = set.Batches(settings.Batches + 1, size, model.Shape.Vocabulary, settings.Seed);
        PrefillChecks? checks = null;
        if (settings.Checks)
        {
            progress.Report("every prompt alone");
            checks = new PrefillChecks(model, batches[1]);
        }
        var modes = new List<ModeMeasurement>();
        using (checks)
            foreach (var mode in settings.Modes)
                modes.Add(Run(model, mode, batches, settings.Planning, checks, progress));
        var tokens = batches.Skip(1).Sum(batch => batch.Sum(prompt => (long)prompt.Length));
        return new Measurement(set.Name, size, tokens, batches[1], rate, modes);
    }

    private static ModeMeasurement Run(
        LlamaModel model, PrefillMode mode, int[][][] batches, ModeSettings planning, PrefillChecks? checks, IProgress<string> progress)
    {
        progress.Report($"{mode.Name}: warming up");
        for (var i = 0; i < WarmUps; i++)
            PrefillRun.Execute(model, mode, batches[0], planning).Dispose();
        CheckResult? check = null;
        var (slots, filled, rows, passes, operations) = (0L, 0L, 0L, 0L, 0.0);
        var (plan, fresh, seen) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
        var memory = new List<MemoryState>();
        for (var i = 1; i < batches.Length; i++)
        {
            progress.Report($"{mode.Name}: batch {i} of {batches.Length - 1}");
            using (var first = PrefillRun.Execute(model, mode, batches[i], planning))
                fresh.Add(first.Time);
            using (var again = PrefillRun.Execute(model, mode, batches[i], planning))
            {
                seen.Add(again.Time);
                plan.Add(again.PlanTime);
                slots += again.Slots;
                filled += again.Passes.Sum(pass => (long)pass.TokenCount);
                rows += again.Rows;
                passes += again.Passes.Length;
                operations += again.Passes.Sum(pass => model.Shape.MatrixOperations(pass.SlotCount, pass.PromptCount));
                if (i == 1)
                    check = checks?.Check(again);
            }
            memory.Add(MemoryState.Of(model.Device));
        }
        return new ModeMeasurement(mode, slots, filled, rows, passes, operations, [.. plan], [.. fresh], [.. seen], [.. memory], check);
    }
}
