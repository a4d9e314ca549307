using System.Globalization;

namespace PackingKit.Samples.Training;

/// <summary>What the command prints of a result.</summary>
internal static class Report
{
    public static void Write(TextWriter output, PackOutcome outcome, string? folder, bool json)
    {
        if (json)
        {
            output.WriteLine(System.Text.Encoding.UTF8.GetString(outcome.Manifest.ToBytes()));
            return;
        }
        var manifest = outcome.Manifest;
        output.WriteLine(Invariant(
            $"{NamesOf(manifest)}: {manifest.Documents:N0} documents; packs of {manifest.Settings.Capacity:N0}"));
        output.WriteLine(Invariant(
            $"{RuleOf(manifest.Settings)}: {manifest.Split:N0} split, {manifest.Truncated:N0} truncated, ")
            + Invariant($"{manifest.Dropped:N0} dropped; {manifest.LostTokens:N0} tokens lost, {manifest.RepeatedTokens:N0} repeated; ")
            + Invariant($"{manifest.Empty:N0} empty documents"));
        output.WriteLine(Invariant(
            $"conservation: each of the {manifest.Tokens - manifest.RepeatedTokens:N0} packed tokens stands where the rules put it, ")
            + "the others are those counted as lost");
        output.WriteLine();
        output.WriteLine($"{"",-46}{"packs",10}{"above bound",14}{"fill",10}");
        Row(WayOf(manifest.Settings), manifest.Packs);
        if (outcome.Job is { } job && folder is null)
        {
            if (manifest.Packs != job.Packed.Index.PackCount)
                Row($"  before the multiple of {manifest.Settings.Ranks} ranks", job.Packed.Index.PackCount);
            var windows = Windows.Pack(job.Index.Pieces);
            Row($"best-fit decreasing, windows of {Windows.Usual:N0}", windows.BestFitDecreasing);
            Row($"first-fit, windows of {Windows.Usual:N0}", windows.FirstFit);
            Row("one piece a pack", manifest.Pieces);
        }
        output.WriteLine(Invariant($"no packing has fewer than {manifest.LowerBound:N0} packs ({manifest.BoundRule}); ")
            + Invariant($"attention within documents is {manifest.AttentionShare:P1} of that of full rows"));
        if (outcome.Times is { Packing.Ticks: > 0 } times)
            output.WriteLine(Invariant($"read {times.Reading.TotalSeconds:N2} s, packed {times.Packing.TotalSeconds:N2} s, ")
                + Invariant($"written {times.Writing.TotalSeconds:N2} s"));
        if (folder is not null)
            output.WriteLine($"{(outcome.Job is null ? "was there already" : "written")}: {folder}, fingerprint {manifest.Fingerprint}");

        void Row(string how, int packs) => output.WriteLine(Invariant($"{how,-46}{packs,10:N0}{packs - manifest.LowerBound,14:N0}")
            + (packs == 0 ? $"{"-",10}" : Invariant($"{manifest.Fill * manifest.Packs / packs,10:P2}")));
    }

    private static string NamesOf(Manifest manifest) => manifest.Settings.Inputs is [var one] ? Path.GetFileName(one.TrimEnd('/'))
        : $"{manifest.Settings.Inputs.Count} inputs";

    private static string RuleOf(PackSettings settings) => settings.Stream ? "cut where a pack is full"
        : $"longer than a pack ({PackOptions.Spelled($"{settings.Long}")})";

    private static string WayOf(PackSettings settings) =>
        settings.Stream ? "one stream, cut where packs are full"
        : settings.Pool is { } pool ? $"as documents arrive, {pool:N0} waiting"
        : $"{PackingStrategies.Find(settings.Strategy).Words}, "
            + (settings.Window is { } window ? Invariant($"windows of {window:N0}")
                : settings.ByFile ? "file by file" : "all documents at once");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
