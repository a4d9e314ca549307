using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Checks;

/// <summary>What a check of one mode found.</summary>
/// <param name="Error">The mode's largest errors.</param>
/// <param name="Bound">What they may be.</param>
/// <param name="Same">Prompts whose decoded tokens are those of the prompt alone.</param>
/// <param name="NearTies">Prompts that part from it where the two best logits are closer than the bound can tell apart.</param>
/// <param name="Different">Prompts that part from it elsewhere: an error.</param>
internal sealed record CheckResult(PrefillError Error, PrefillError Bound, int Same, int NearTies, int Different)
{
    public bool Passed => Error.IsWithin(Bound) && Different == 0;
}

/// <summary>
/// Holds a mode to what every prompt gives when it is prefilled alone. Errors are measured against a wider type (float64 for float32,
/// float32 for the half types), and may be at most twice those that a prompt alone has in the same type, plus a few roundings: a bound that
/// knows what the type itself costs.
/// </summary>
internal sealed class PrefillChecks : IDisposable
{
    public const int DecodedTokens = 8;

    private readonly LlamaModel _model;
    private readonly AloneReference _reference;
    private readonly Decoded[] _alone;

    public PrefillChecks(LlamaModel model, int[][] prompts)
    {
        _model = model;
        var wide = model.Dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : ScalarType.Float64;
        using (var widened = new LlamaModel(model.Weights.To(wide), model.MaxPositions))
            _reference = new AloneReference(widened, prompts);
        using var alone = new AloneReference(model, prompts);
        var error = _reference.Compare(Enumerable.Range(0, alone.Count).Select(prompt => alone[prompt]));
        var roundings = 8 * Epsilon(model.Dtype);
        Bound = new PrefillError(2 * error.Logits + roundings, 2 * error.Cache + roundings);
        _alone = [.. Enumerable.Range(0, alone.Count).Select(prompt => GreedyDecoder.Decode(model, alone[prompt], DecodedTokens))];
    }

    public PrefillError Bound { get; }

    public CheckResult Check(PrefillResult result)
    {
        var error = _reference.Compare(result.Results);
        var (same, nearTies, different) = (0, 0, 0);
        foreach (var results in result.Results)
        {
            var decoded = GreedyDecoder.Decode(_model, results, DecodedTokens);
            for (var i = 0; i < results.Prompts.Length; i++)
            {
                var alone = _alone[results.Prompts[i]];
                var parting = alone.Tokens[0].AsSpan().CommonPrefixLength(decoded.Tokens[i]);
                if (parting == DecodedTokens)
                    same++;
                else if (alone.Margins[0][parting] <= 2 * Bound.Logits)
                    nearTies++; // two logits, each off by no more than the bound, can change places
                else
                    different++;
            }
        }
        return new CheckResult(error, Bound, same, nearTies, different);
    }

    public void Dispose() => _reference.Dispose();

    private static double Epsilon(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => Math.ScaleB(1, -52),
        ScalarType.Float32 => Math.ScaleB(1, -23),
        ScalarType.Float16 => Math.ScaleB(1, -10),
        _ => Math.ScaleB(1, -7),
    };
}
