using PackingKit.Attention;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Checks;

/// <summary>Every prompt prefilled alone: what no packing can have touched.</summary>
internal sealed class AloneReference : IDisposable
{
    private readonly PromptResults[] _prompts;
    private readonly int _layers;

    public AloneReference(LlamaModel model, int[][] prompts)
    {
        (_prompts, _layers) = (new PromptResults[prompts.Length], model.Shape.Layers);
        for (var prompt = 0; prompt < prompts.Length; prompt++)
            _prompts[prompt] =
                PrefillRun.Execute(model, new ModePass([prompt], PackedLayout.Flat([prompts[prompt].Length])), prompts);
    }

    public int Count => _prompts.Length;

    public PromptResults this[int prompt] => _prompts[prompt];

    /// <summary>The largest error of a prefill against this, over prompts (and layers).</summary>
    public PrefillError Compare(IEnumerable<PromptResults> all)
    {
        using var scope = NewDisposeScope();
        var (logits, cache) = (0.0, 0.0);
        foreach (var results in all)
            for (var i = 0; i < results.Prompts.Length; i++)
            {
                var alone = _prompts[results.Prompts[i]];
                using var step = NewDisposeScope();
                logits = Worse(logits, Error(results.Logits[i], alone.Logits[0]));
                for (var layer = 0; layer < _layers; layer++)
                {
                    var ((keys, values), (aloneKeys, aloneValues)) = (results.Of(i, layer), alone.Of(0, layer));
                    cache = Worse(cache, Error(keys, aloneKeys));
                    cache = Worse(cache, Error(values, aloneValues));
                }
            }
        return new PrefillError(logits, cache);
    }

    /// <summary>Norm of the difference over the norm of the reference.</summary>
    private static double Error(Tensor value, Tensor reference)
    {
        if (!value.shape.AsSpan().SequenceEqual(reference.shape))
            return double.PositiveInfinity;
        var exact = reference.to(ScalarType.Float64);
        return (value.to(ScalarType.Float64).sub(exact).norm() / exact.norm()).item<double>();
    }

    /// <summary>The larger one, where not a number is worse than any.</summary>
    private static double Worse(double error, double other) =>
        double.IsNaN(error) || double.IsNaN(other) ? double.NaN : Math.Max(error, other);

    public void Dispose()
    {
        foreach (var prompt in _prompts)
            prompt.Dispose();
    }
}

/// <summary>Largest relative errors over the prompts of a batch.</summary>
/// <param name="Logits">Of the last token's logits.</param>
/// <param name="Cache">Of a prompt's keys or values in a layer.</param>
internal readonly record struct PrefillError(double Logits, double Cache)
{
    public bool IsWithin(PrefillError bound) => Logits <= bound.Logits && Cache <= bound.Cache; // false for not a number
}
