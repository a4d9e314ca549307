using System.CommandLine;
using PackingKit.Samples.Models;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using PackingKit.Samples.Prefill.Prompts;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill;

/// <summary>The command's options, and what they mean.</summary>
internal sealed class PrefillOptions
{
    private readonly Option<string[]> _lengths = new("--lengths")
    {
        Description = "Files of prompt lengths, one per line, or names of those that come along: " +
            $"{string.Join(", ", PromptLengths.Shipped)}. By default mmlu.",
        HelpName = "FILE",
        DefaultValueFactory = _ => ["mmlu"],
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _prompts = new("--prompts")
    {
        Description = "Files of whole prompts, instead of lengths: JSON lines of token_ids, or of input_length and hash_ids; " +
            $"or the name of one that comes along: {string.Join(", ", PromptSets.Shipped)}.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<int?> _tasks = Positive("--tasks", "Of --prompts bbh: tasks that a batch is taken from. By default 1.");
    private readonly Option<int?> _maxLength = Positive("--max-length", "Longer prompts are cut to this length. By default 4096.");
    private readonly Option<int[]> _batch = NumberOption.CreateMany("--batch", "Prompts of a batch. By default 64.", 64, AtLeast(1));
    private readonly Option<int?> _batches =
        Positive("--batches", "Batches to measure after one to warm up; times are their medians. By default 3.");
    private readonly Option<int?> _capacity =
        Positive("--capacity", "Slots of a packed row. By default the longest prompt of the batch.");
    private readonly Option<int?> _budget = Positive(
        "--budget",
        "Tokens of a pass in modes budget, chunked and shared. By default a quarter of the batch; " +
        "in budget no less than its longest prompt, in chunked no more than half of it, in shared all.");
    private readonly Option<string> _strategy = new Option<string>("--strategy")
    {
        Description = "How rows are packed. By default bfd, best-fit decreasing.",
        DefaultValueFactory = _ => "bfd",
    }.AcceptOnlyFromAmong([.. PackingStrategies.Ids]);
    private readonly Option<string[]> _mode = new Option<string[]>("--mode")
    {
        Description = "Ways to prefill. By default all.",
        DefaultValueFactory = _ => [.. PrefillMode.All.Select(mode => mode.Name)],
        AllowMultipleArgumentsPerToken = true,
    }.AcceptOnlyFromAmong([.. PrefillMode.All.Select(mode => mode.Name)]);
    private readonly Option<string> _model = new Option<string>("--model")
    {
        Description = "Shape of the model, with random weights. By default tiny.",
        DefaultValueFactory = _ => "tiny",
    }.AcceptOnlyFromAmong([.. LlamaShape.Names]);
    private readonly Option<string?> _weights =
        new("--weights") { Description = "A folder with a Llama of Hugging Face: config.json and *.safetensors.", HelpName = "FOLDER" };
    private readonly Option<string> _device = new Option<string>("--device")
    {
        Description = "Where to compute. By default cpu.",
        DefaultValueFactory = _ => "cpu",
    }.AcceptOnlyFromAmong("cpu", "cuda");
    private readonly Option<string?> _dtype = new Option<string?>("--dtype")
    {
        Description = "Type of weights and activations. By default float32 on the CPU and bfloat16 on CUDA.",
    }.AcceptOnlyFromAmong("float64", "float32", "bfloat16", "float16");
    private readonly Option<int?> _threads = Positive(
        "--threads",
        "Threads on the CPU. By default 1: more are faster on a quiet machine, and far slower on a busy one, " +
        "where they wait for each other.");
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "Seed of weights and token IDs. By default 0.", AtLeast(0));
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object for each file and batch size instead of tables." };
    private readonly Option<bool> _noChecks =
        new("--no-checks") { Description = "Measure only: no comparison with prompts prefilled alone." };
    private readonly Option<string?> _picture = new("--picture")
    {
        Description = "Where to write the picture of the first batch's rows. By default artifacts/prefill.svg, or prefill.svg.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
                 {
                     _lengths, _prompts, _tasks, _maxLength, _batch, _batches, _capacity, _budget, _strategy, _mode, _model, _weights,
                     _device, _dtype, _threads, _seed, _json, _noChecks, _picture,
                 })
            command.Options.Add(option);
    }

    public PrefillSettings Read(ParseResult parsed)
    {
        var device = parsed.GetRequiredValue(_device);
        return new PrefillSettings
        {
            Sets = Sets(parsed),
            MaxLength = MaxLength(parsed),
            BatchSizes = parsed.GetRequiredValue(_batch),
            Batches = parsed.GetValue(_batches) ?? 3,
            Modes = [.. parsed.GetRequiredValue(_mode).Select(PrefillMode.Named)],
            Planning = new ModeSettings(
                PackingStrategies.Create(parsed.GetRequiredValue(_strategy)), parsed.GetValue(_capacity), parsed.GetValue(_budget)),
            Model = parsed.GetRequiredValue(_model),
            Weights = parsed.GetValue(_weights),
            Device = device,
            Dtype = (parsed.GetValue(_dtype) ?? (device == "cpu" ? "float32" : "bfloat16")) switch
            {
                "float64" => ScalarType.Float64,
                "float32" => ScalarType.Float32,
                "float16" => ScalarType.Float16,
                _ => ScalarType.BFloat16,
            },
            Threads = parsed.GetValue(_threads) ?? 1,
            Seed = parsed.GetValue(_seed) ?? 0,
            Json = parsed.GetValue(_json),
            Checks = !parsed.GetValue(_noChecks),
            Picture = parsed.GetValue(_picture)
                ?? (Directory.Exists("artifacts") ? Path.Combine("artifacts", "prefill.svg") : "prefill.svg"),
        };
    }

    private int MaxLength(ParseResult parsed) => parsed.GetValue(_maxLength) ?? 4096;

    private IPromptSet[] Sets(ParseResult parsed)
    {
        var prompts = parsed.GetValue(_prompts) ?? [];
        if (parsed.GetValue(_tasks) is { } tasks && !Array.Exists(prompts, PromptSets.IsShipped))
            throw new BadInputException($"--tasks {tasks}: only --prompts {string.Join(", ", PromptSets.Shipped)} has tasks.");
        // Lengths by default only where no prompts are named.
        var areDefault = parsed.GetResult(_lengths) is null or { Implicit: true };
        var lengths = prompts.Length > 0 && areDefault ? [] : parsed.GetRequiredValue(_lengths);
        return
        [
            .. lengths.Select(file => PromptLengths.Read(file, MaxLength(parsed))),
            .. prompts.Select(file => PromptSets.Read(file, parsed.GetValue(_tasks) ?? 1, MaxLength(parsed))),
        ];
    }

    private static Option<int?> Positive(string name, string description) => NumberOption.Create(name, description, AtLeast(1));

    private static Func<int, string?> AtLeast(int least) => value => value >= least ? null : $"at least {least}";
}

/// <summary>What a call of the command is to do.</summary>
internal sealed record PrefillSettings
{
    public required IPromptSet[] Sets { get; init; }

    public required int MaxLength { get; init; }

    public required int[] BatchSizes { get; init; }

    public required int Batches { get; init; }

    public required PrefillMode[] Modes { get; init; }

    public required ModeSettings Planning { get; init; }

    public required string Model { get; init; }

    public required string? Weights { get; init; }

    public required string Device { get; init; }

    public required ScalarType Dtype { get; init; }

    public required int Threads { get; init; }

    public required int Seed { get; init; }

    public required bool Json { get; init; }

    public required bool Checks { get; init; }

    public required string Picture { get; init; }
}
