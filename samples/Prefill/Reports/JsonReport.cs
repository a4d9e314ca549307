using System.Text.Json;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;

namespace PackingKit.Samples.Prefill.Reports;

/// <summary>One JSON object per line for each set and batch size.</summary>
internal sealed class JsonReport(TextWriter output) : IReport
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
    private object? _model;

    public void Start(PrefillSettings settings, LlamaModel model) =>
        _model = new
        {
            name = settings.Weights ?? settings.Model,
            device = settings.Device,
            dtype = model.Dtype.ToString(),
            kernels = model.Kernels,
            strategy = settings.Planning.Strategy.Id,
            seed = settings.Seed,
            batches = settings.Batches,
        };

    public Measurement Watch(Func<IProgress<string>, Measurement> work) => work(new Quiet());

    public void Show(Measurement measurement) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            model = _model,
            measurement.Set,
            measurement.BatchSize,
            measurement.Tokens,
            matrixRate = measurement.MatrixRate,
            modes = measurement.Modes.Select(mode => new
            {
                mode = mode.Mode.Name,
                mode.Slots,
                mode.Rows,
                mode.Passes,
                planMs = Clock.Median(mode.Plan),
                freshMs = Clock.Median(mode.Fresh),
                seenMs = Clock.Median(mode.Seen),
                tokensPerSecond = measurement.Tokens / mode.SeenTotal.TotalSeconds,
                slotsPerSecond = mode.Slots / mode.SeenTotal.TotalSeconds,
                shareOfMatrixRate = mode.MatrixOperations / mode.SeenTotal.TotalSeconds / measurement.MatrixRate.KeptUp,
                memoryChanges = mode.Memory.Select((state, i) => (Batch: i + 1, State: state))
                    .Where(entry => entry.Batch == 1 || entry.State != mode.Memory[entry.Batch - 2])
                    .Select(entry => new { entry.Batch, entry.State.Tensors, entry.State.DeviceBytes }),
                mode.Check,
            }),
            measurement.Passed,
        },
        Style));

    private sealed class Quiet : IProgress<string>
    {
        public void Report(string value)
        {
        }
    }
}
