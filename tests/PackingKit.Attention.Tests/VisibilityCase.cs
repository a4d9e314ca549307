using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Prompts dealt to rows, and who sees whom in them: everything (or what came before), and spans as pairs of lengths.</summary>
/// <param name="Prompts">The prompts and their rows.</param>
/// <param name="IsBidirectional">Whether everything is seen.</param>
/// <param name="Spans">For each prompt, gaps and lengths of spans in turn; empty for none at all.</param>
/// <param name="Window">The sliding window.</param>
public sealed record VisibilityCase(LayoutCase Prompts, bool IsBidirectional, int[][] Spans, int? Window)
{
    public Visibility Visibility => IsBidirectional ? Visibility.Bidirectional
        : Spans.Length == 0 ? Visibility.Causal
        : Visibility.Spans([.. Prompts.Lengths.Select((_, prompt) => (IReadOnlyList<Range>)[.. Ranges(prompt)])]);

    public AttentionShape Shape => new(4, 2, 4, ScalarType.Float64) { Window = Window };

    /// <summary>Whether a prompt's token sees another: straight from the definition.</summary>
    public bool Sees(int prompt, int query, int key) =>
        Ranges(prompt).Any(span => span.Start.Value <= Math.Min(query, key) && Math.Max(query, key) < span.End.Value)
        || ((IsBidirectional || key <= query) && Math.Abs(query - key) < (Window ?? int.MaxValue));

    /// <summary>Textbook attention of one prompt under the definition's mask.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="q">[tokens, heads, head size].</param>
    /// <param name="k">[tokens, KV heads, head size].</param>
    /// <param name="v">Like <paramref name="k"/>.</param>
    /// <param name="shape">The layer.</param>
    public Tensor Alone(int prompt, Tensor q, Tensor k, Tensor v, AttentionShape shape)
    {
        var length = Prompts.Lengths[prompt];
        var open = new bool[length, length];
        for (var i = 0; i < length; i++)
            for (var j = 0; j < length; j++)
                open[i, j] = Sees(prompt, i, j);
        var closed = tensor(open).logical_not();
        return stack(Enumerable.Range(0, shape.Heads).Select(head =>
            q.select(1, head).matmul(k.select(1, head / shape.GroupSize).t()).mul(shape.Scale)
                .masked_fill(closed, double.NegativeInfinity).softmax(-1).matmul(v.select(1, head / shape.GroupSize))), 1);
    }

    public override string ToString() =>
        $"{Prompts}, {Visibility}, spans [{string.Join("; ", Spans.Select(spans => string.Join(' ', spans)))}], window {Window}";

    private IEnumerable<Range> Ranges(int prompt)
    {
        if (Spans.Length == 0)
            yield break;
        var (spans, end, length) = (Spans[prompt % Spans.Length], 0, Prompts.Lengths[prompt]);
        for (var i = 0; i + 1 < spans.Length; i += 2)
        {
            var (start, next) = (Math.Min(length, end + spans[i]), Math.Min(length, end + spans[i] + spans[i + 1]));
            yield return start..next;
            end = next;
        }
    }
}

/// <summary>Every kind, with and without a window; they shrink to fewer prompts, fewer spans and no window.</summary>
public static class VisibilityCases
{
    public static Arbitrary<VisibilityCase> VisibilityCase() => Arb.From(Generator, Shrink);

    private static Gen<VisibilityCase> Generator =>
        from prompts in LayoutCases.LayoutCase().Generator
        from kind in Gen.Choose(0, 3)
        from spans in Gen.Choose(0, 6).ArrayOf(4).ArrayOf(3)
        from window in Gen.Frequency((2, Gen.Constant((int?)null)), (1, Gen.Choose(1, 6).Select(tokens => (int?)tokens)))
        select new VisibilityCase(prompts, kind == 1, kind >= 2 ? spans : [], window);

    private static IEnumerable<VisibilityCase> Shrink(VisibilityCase it)
    {
        foreach (var prompts in LayoutCases.LayoutCase().Shrinker(it.Prompts))
            yield return it with { Prompts = prompts };
        if (it.Window is not null)
            yield return it with { Window = null };
        if (it.Spans.Length > 0)
            yield return it with { Spans = it.Spans[1..] };
        if (it.Spans.Any(spans => spans.Length > 2))
            yield return it with { Spans = [.. it.Spans.Select(spans => spans[..2])] };
    }
}
