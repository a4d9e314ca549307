using System.Globalization;
using PackingKit.Samples.Prefill.Checks;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using Spectre.Console;

namespace PackingKit.Samples.Prefill.Reports;

/// <summary>Tables for people.</summary>
internal sealed class TableReport : IReport
{
    /// <summary>Wide enough that no table wraps where nobody watches.</summary>
    private const int RedirectedWidth = 200;

    private readonly IAnsiConsole _console = AnsiConsole.Console;
    private PrefillSettings? _settings;

    public void Start(PrefillSettings settings, LlamaModel model)
    {
        _settings = settings;
        if (!IsWatched)
            _console.Profile.Width = RedirectedWidth;
        var shape = model.Shape;
        var heads = $"{shape.Heads} heads on {shape.KeyValueHeads} KV heads of {shape.HeadSize}";
        var weights = $"{(settings.Weights is null ? "random" : "read")} weights in {Name(model)} on {settings.Device}";
        var size = $"{shape.Layers} layers of {shape.Hidden}, {heads}";
        _console.MarkupLineInterpolated(
            $"[bold]{settings.Weights ?? settings.Model}[/]: {size}, {weights}, kernels: {model.Kernels}");
    }

    public Measurement Watch(Func<IProgress<string>, Measurement> work) =>
        IsWatched ? _console.Status().Start("starting", status => work(new StatusProgress(status))) : work(new Progress<string>());

    public void Show(Measurement measurement)
    {
        var settings = _settings!;
        var batches = settings.Batches == 1 ? "1 batch" : $"{settings.Batches} batches";
        var prompts = measurement.BatchSize == 1 ? "1 prompt" : $"{measurement.BatchSize} prompts";
        var tokens = $"{batches} of {prompts}, {measurement.Tokens:N0} tokens";
        var (keptUp, burst) = (measurement.MatrixRate.KeptUp / 1e12, measurement.MatrixRate.Burst / 1e12);
        var rate = $"matrix products reach {keptUp:F2} TFLOP/s (burst {burst:F2})";
        _console.MarkupLineInterpolated(
            $"\n[bold]{measurement.Set}[/]: {tokens}; rows packed by {settings.Planning.Strategy.Id}; {rate}");
        _console.Write(Times(measurement));
        if (settings.Checks)
            _console.Write(Checks(measurement));
        foreach (var mode in measurement.Modes)
            _console.MarkupLineInterpolated($"[grey]{mode.Mode.Name,-8}{mode.Mode.Description}[/]");
        if (Padded(measurement) is { } padded && measurement.Modes.FirstOrDefault(mode => mode.Mode.IsPacked) is { } packed)
        {
            var ratio = (double)padded.Slots / packed.Slots;
            _console.MarkupLineInterpolated(
                $"Packing ({packed.Mode.Name}) computes [bold]{ratio:F2} times fewer[/] token slots than full padding.");
        }
        if (measurement.Modes.FirstOrDefault(mode => mode.Filled < measurement.Tokens) is { } shared)
        {
            var ratio = (double)measurement.Tokens / shared.Filled;
            _console.MarkupLineInterpolated($"Sharing beginnings ({shared.Mode.Name}) computes [bold]{ratio:F2} times fewer[/] tokens.");
            if (measurement.Modes.FirstOrDefault(mode => mode.Mode.Name == "varlen") is { } whole)
            {
                var faster = whole.SeenTotal / shared.SeenTotal;
                _console.MarkupLineInterpolated(
                    $"It takes [bold]{faster:F2} times less[/] than the same prompts whole (varlen): {faster / ratio:F2} of that.");
            }
        }
        _console.MarkupLineInterpolated($"Picture of the first batch: {settings.Picture}");
        if (settings.Checks)
            _console.MarkupLine(measurement.Passed
                ? "[green]Every way gives the same last-token logits, the same keys and values and the same decoded tokens.[/]"
                : "[red]A check failed.[/]");
    }

    private bool IsWatched => _console.Profile.Out.IsTerminal && _console.Profile.Capabilities.Interactive;

    private static string Name(LlamaModel model) => model.Dtype.ToString().ToLowerInvariant();

    private static ModeMeasurement? Padded(Measurement measurement) => measurement.Modes.FirstOrDefault(mode => mode.Mode.Name == "padded");

    /// <summary>Times are medians in milliseconds per batch.</summary>
    private Table Times(Measurement measurement)
    {
        var table = NewTable(
            "mode", "passes", "rows", "slots computed", "padding", "plan ms", "fresh ms", "seen ms", "speed-up",
            "tokens/s", "slots/s", "of matrix rate");
        var onDevice = measurement.Modes.Any(mode => mode.Memory[^1].DeviceBytes is not null);
        if (onDevice)
            table.AddColumn(new TableColumn("GiB in use").RightAligned());
        var padded = Padded(measurement);
        foreach (var mode in measurement.Modes)
        {
            var (seconds, median) = (mode.SeenTotal.TotalSeconds, Clock.Median(mode.Seen));
            string[] cells =
            [
                mode.Mode.Name, $"{mode.Passes:N0}", $"{mode.Rows:N0}", $"{mode.Slots:N0}",
                Percent(1 - (double)mode.Filled / mode.Slots),
                Number(Clock.Median(mode.Plan)), Number(Clock.Median(mode.Fresh)), Number(median),
                padded is null ? "" : $"{Number(Clock.Median(padded.Seen) / median)}x",
                $"{measurement.Tokens / seconds:N0}", $"{mode.Slots / seconds:N0}",
                Percent(mode.MatrixOperations / seconds / measurement.MatrixRate.KeptUp),
            ];
            table.AddRow(onDevice ? [.. cells, Number((mode.Memory[^1].DeviceBytes ?? 0) / (double)(1 << 30))] : cells);
        }
        return table;
    }

    /// <summary>Errors are relative, the largest over the prompts of the first batch.</summary>
    private Table Checks(Measurement measurement)
    {
        var table = NewTable("mode", "logits error", "bound", "cache error", "bound", "same tokens decoded", "near-ties", "different", "");
        foreach (var mode in measurement.Modes)
            if (mode.Check is { } check)
                table.AddRow(
                    mode.Mode.Name, Error(check.Error.Logits), Error(check.Bound.Logits), Error(check.Error.Cache),
                    Error(check.Bound.Cache),
                    $"{check.Same}", $"{check.NearTies}", $"{check.Different}", Verdict(check));
        return table;
    }

    private Table NewTable(params string[] columns)
    {
        var table = new Table { Border = IsWatched ? TableBorder.Rounded : TableBorder.Simple };
        table.AddColumn(columns[0]);
        foreach (var column in columns[1..])
            table.AddColumn(new TableColumn(column).RightAligned());
        return table;
    }

    private static string Verdict(CheckResult check) => check.Passed ? "[green]ok[/]" : "[red]failed[/]";

    private static string Number(double value) =>
        value.ToString(value < 1 ? "F3" : value < 100 ? "F2" : "N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Error(double error) => error.ToString("0.0e+0", CultureInfo.InvariantCulture);

    private sealed class StatusProgress(StatusContext status) : IProgress<string>
    {
        public void Report(string value) => status.Status(value);
    }
}
