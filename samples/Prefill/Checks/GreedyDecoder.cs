using PackingKit.Attention;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Checks;

/// <summary>What greedy decoding chose.</summary>
/// <param name="Tokens">Of each prompt, one after the other.</param>
/// <param name="Margins">
/// How far the chosen logit was above the next best, in units of the norm of all logits: small margins are near-ties.
/// </param>
internal sealed record Decoded(long[][] Tokens, double[][] Margins);

/// <summary>
/// Decodes prompts together from their un-packed caches, the way that decoding loops do: one left-padded batch that each step appends to.
/// </summary>
internal static class GreedyDecoder
{
    public static Decoded Decode(LlamaModel model, PromptResults prefilled, int count)
    {
        using var scope = NewDisposeScope();
        var groupSize = model.Shape.Heads / model.Shape.KeyValueHeads;
        var (keys, values) = (new Tensor[model.Shape.Layers], new Tensor[model.Shape.Layers]);
        var padded = prefilled.ToLeftPadded();
        for (var layer = 0; layer < padded.Length; layer++)
            (keys[layer], values[layer]) = padded[layer];
        var (prompts, longest) = (prefilled.Prompts.Length, prefilled.Lengths.Max());
        long[] paddings = [.. prefilled.Lengths.Select(length => (long)longest - length)];
        var open = arange(longest, ScalarType.Int64, model.Device).unsqueeze(0).ge(tensor(paddings, device: model.Device).unsqueeze(1));
        var layout = PackedLayout.Flat([.. Enumerable.Repeat(1, prompts)]);
        var logits = prefilled.Logits;
        var decoded = new Decoded(NewRows<long>(prompts, count), NewRows<double>(prompts, count));
        for (var step = 0; step < count; step++)
        {
            var chosen = Choose(logits, decoded, step);
            if (step == count - 1)
                break;
            open = cat([open, ones([open.shape[0], 1], ScalarType.Bool, model.Device)], 1);
            var mask = open.view(open.shape[0], 1, 1, -1);
            int[] lengths = [.. prefilled.Lengths.Select(length => length + step)];
            using var next = PackedBatch.Create<long>(layout.WithPast(lengths), chosen, model.Device);
            logits = model.Forward(
                next.InputIds.flatten(), next.LastTokenIndices, model.NewProjections(chosen.Length), (layer, query, key, value) =>
            {
                model.Rotary.Apply(query, key, next);
                keys[layer] = cat([keys[layer], key.unsqueeze(2)], 2);
                values[layer] = cat([values[layer], value.unsqueeze(2)], 2);
                return nn.functional.scaled_dot_product_attention(
                    query.unsqueeze(2), keys[layer].repeat_interleave(groupSize, 1), values[layer].repeat_interleave(groupSize, 1), mask)
                    .squeeze(2);
            });
        }
        return decoded;
    }

    private static long[] Choose(Tensor logits, Decoded decoded, int step)
    {
        var wide = logits.to(ScalarType.Float64);
        var (best, indices) = wide.topk(2, 1);
        var margins = best.select(1, 0).sub(best.select(1, 1)).div_(wide.norm(1)).cpu().data<double>().ToArray();
        var tokens = indices.select(1, 0).contiguous().cpu().data<long>().ToArray();
        for (var prompt = 0; prompt < tokens.Length; prompt++)
            (decoded.Tokens[prompt][step], decoded.Margins[prompt][step]) = (tokens[prompt], margins[prompt]);
        return tokens;
    }

    private static T[][] NewRows<T>(int rows, int width) => Array.ConvertAll(new T[rows][], _ => new T[width]);
}
