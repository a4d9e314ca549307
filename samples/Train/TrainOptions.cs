using System.CommandLine;
using PackingKit.Samples.Models;

namespace PackingKit.Samples.Train;

/// <summary>What a run is to do.</summary>
/// <param name="Corpus">What to learn from.</param>
/// <param name="Tokens">The most tokens of a pack; a pack is a step.</param>
/// <param name="Steps">Steps.</param>
/// <param name="Model">How large the model is.</param>
/// <param name="Device">"cpu" or "cuda".</param>
/// <param name="LearningRate">AdamW's.</param>
/// <param name="Ways">"packed", "one-by-one".</param>
/// <param name="Threads">Threads on the CPU.</param>
/// <param name="Curve">Where the picture goes.</param>
internal sealed record TrainSettings(
    Corpus Corpus, int Tokens, int Steps, LlamaShape Model, string Device, double LearningRate, string[] Ways, int Threads, string Curve);

/// <summary>The command's options, and what they mean.</summary>
internal sealed class TrainOptions
{
    private readonly Option<int?> _tokens = Positive("--tokens", "The most tokens of a pack; a pack is a step. By default 2048.");
    private readonly Option<int?> _steps = Positive("--steps", "Steps. By default 40.");
    private readonly Option<int[]> _random = NumberOption.CreateMany<int>(
        "--random", "Learn random tokens instead of text: rows, tokens of a row, documents of a row, all of a step.", 0, AtLeast(1));
    private readonly Option<string> _model = new Option<string>("--model")
    {
        Description = "Shape of the model, which begins with random weights. By default mini.",
        DefaultValueFactory = _ => "mini",
    }.AcceptOnlyFromAmong([.. LlamaShape.Names]);
    private readonly Option<string> _device = new Option<string>("--device")
    {
        Description = "Where to compute: float32 on the CPU; on CUDA bfloat16 with a float32 copy of the weights. By default cpu.",
        DefaultValueFactory = _ => "cpu",
    }.AcceptOnlyFromAmong("cpu", "cuda");
    private readonly Option<string[]> _ways = new Option<string[]>("--way")
    {
        Description =
            "packed, one-by-one (every document alone, gradients added up), or both, whose losses are then compared. By default packed.",
        DefaultValueFactory = _ => ["packed"],
        AllowMultipleArgumentsPerToken = true,
    }.AcceptOnlyFromAmong("packed", "one-by-one");
    private readonly Option<double?> _learningRate = NumberOption.Create<double>(
        "--learning-rate", "AdamW's. By default 0.003.", rate => rate is > 0 and <= 1 ? null : "above 0 and at most 1");
    private readonly Option<int?> _threads = Positive("--threads", "Threads on the CPU. By default 1.");
    private readonly Option<string?> _curve = new("--curve")
    {
        Description = "Where to write the losses as a picture. By default artifacts/train.svg, or train.svg.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _tokens, _steps, _random, _model, _device, _ways, _learningRate, _threads, _curve })
            command.Options.Add(option);
    }

    public TrainSettings Read(ParseResult parsed)
    {
        var (steps, tokens) = (parsed.GetValue(_steps) ?? 40, parsed.GetValue(_tokens) ?? 2048);
        Corpus corpus;
        if (parsed.GetResult(_random) is not null and not { Implicit: true })
        {
            if (parsed.GetValue(_tokens) is not null)
                throw new BadInputException("--random says how many tokens a pack has: give it or --tokens.");
            if (parsed.GetRequiredValue(_random) is not [var rows, var length, var perRow] || perRow >= length)
                throw new BadInputException("--random: give rows, tokens of a row, and documents of a row, fewer than its tokens.");
            if ((long)rows * length * steps > 1 << 28)
                throw new BadInputException($"--random: {steps} steps of {rows} rows of {length} tokens are more than 2^28.");
            tokens = rows * length;
            corpus = Corpus.Random(rows, length, perRow, steps, vocabulary: 32000);
        }
        else
        {
            corpus = Corpus.Coriolanus();
            var longest = corpus.Documents.Max(document => document.Length);
            if (tokens < longest)
                throw new BadInputException($"--tokens {tokens}: a document has {longest}.");
        }
        return new TrainSettings(
            corpus, tokens, steps, LlamaShape.Named(parsed.GetRequiredValue(_model)) with { Vocabulary = corpus.Vocabulary },
            parsed.GetRequiredValue(_device),
            parsed.GetValue(_learningRate) ?? 0.003, [.. parsed.GetRequiredValue(_ways).Distinct()], parsed.GetValue(_threads) ?? 1,
            parsed.GetValue(_curve) ?? (Directory.Exists("artifacts") ? Path.Combine("artifacts", "train.svg") : "train.svg"));
    }

    private static Option<int?> Positive(string name, string description) => NumberOption.Create(name, description, AtLeast(1));

    private static Func<int, string?> AtLeast(int least) => value => value >= least ? null : $"at least {least}";
}
