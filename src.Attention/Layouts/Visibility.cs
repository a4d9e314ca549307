using System.Diagnostics;

namespace PackingKit.Attention;

/// <summary>
/// Which tokens of its own prompt a token sees: those up to itself, as decoders do; all of them, as encoders do; or those up to itself and
/// in certain spans all, as prefix language models and models that take images do. Tokens of other prompts are never seen.
/// </summary>
/// <remarks>
/// <para>A window (<see cref="AttentionShape.Window"/>) closes what is too far behind a token and, for <see cref="Bidirectional"/>, also
/// what is too far ahead. It closes nothing within a span: a token sees the whole of its span, as in Gemma 3.</para>
/// <para>Over a forest (<see cref="PackedLayout.IsForest"/>) the prompts are its nodes: a span lies in one node, and nothing is
/// bidirectional, because what several prompts begin with cannot see what comes after it in each.</para>
/// <para>What a token sees is always one run of its prompt's tokens. Immutable and thread-safe.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Visibility
{
    private readonly Range[][] _spans;

    private Visibility(bool isBidirectional, Range[][] spans) => (IsBidirectional, _spans) = (isBidirectional, spans);

    /// <summary>A token sees itself and what comes before it: language models.</summary>
    public static Visibility Causal { get; } = new(isBidirectional: false, []);

    /// <summary>A token sees all tokens of its prompt: encoders, as of embeddings.</summary>
    public static Visibility Bidirectional { get; } = new(isBidirectional: true, []);

    /// <summary>Whether tokens see what comes after them, spans aside.</summary>
    public bool IsBidirectional { get; }

    /// <summary>Whether tokens of some spans see each other whatever their order.</summary>
    public bool HasSpans => _spans.Length > 0;

    /// <summary>Causal but for the first tokens of each prompt, which see each other: prefix language models.</summary>
    /// <param name="lengths">For each prompt, in prompt order, how many of its tokens that are; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative; the message names it.</exception>
    public static Visibility Prefix(params ReadOnlySpan<int> lengths)
    {
        var spans = new Range[lengths.Length][];
        for (var prompt = 0; prompt < spans.Length; prompt++)
            spans[prompt] = lengths[prompt] switch
            {
                < 0 => throw new ArgumentOutOfRangeException(
                    nameof(lengths), lengths[prompt], $"The prefix of prompt {prompt} has {lengths[prompt]} tokens."),
                0 => [],
                var length => [new Range(0, length)],
            };
        return new Visibility(isBidirectional: false, spans);
    }

    /// <summary>Causal but for spans, such as images, whose tokens see each other.</summary>
    /// <param name="spans">
    /// For each prompt, in prompt order, the ranges of its tokens, ascending and apart: <c>[[2..6], []]</c>. Ranges are looked at when
    /// attention is planned, so that <c>0..</c> may stand for a whole prompt.
    /// </param>
    /// <exception cref="ArgumentNullException">The list or one of its entries is <see langword="null"/>.</exception>
    public static Visibility Spans(IReadOnlyList<IReadOnlyList<Range>> spans)
    {
        ArgumentNullException.ThrowIfNull(spans);
        var own = new Range[spans.Count][];
        for (var prompt = 0; prompt < own.Length; prompt++)
            own[prompt] = [.. spans[prompt] ?? throw new ArgumentNullException(nameof(spans), $"The spans of prompt {prompt} are null.")];
        return new Visibility(isBidirectional: false, own);
    }

    /// <summary>"causal", "bidirectional" or "causal with spans".</summary>
    public override string ToString() => IsBidirectional ? "bidirectional" : HasSpans ? "causal with spans" : "causal";

    /// <summary>A prompt's spans as first token and end, ascending and apart.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="length">Number of its tokens.</param>
    internal (int Start, int End)[] SpansOf(int prompt, int length)
    {
        if (!HasSpans)
            return [];
        var spans = new (int Start, int End)[_spans[prompt].Length];
        for (var i = 0; i < spans.Length; i++)
        {
            var (start, end) = (_spans[prompt][i].Start.GetOffset(length), _spans[prompt][i].End.GetOffset(length));
            var before = i == 0 ? 0 : spans[i - 1].End;
            if (start < before || end < start || end > length)
                throw new ArgumentOutOfRangeException(
                    "visibility", _spans[prompt][i],
                    $"Span {i} of prompt {prompt}, {_spans[prompt][i]}, does not lie between token {before} and its end, {length}.");
            spans[i] = (start, end);
        }
        return spans;
    }

    /// <summary>Refuses spans for more or fewer prompts than there are.</summary>
    internal void RequirePrompts(int count)
    {
        if (HasSpans && _spans.Length != count)
            throw new ArgumentException($"There are spans for {_spans.Length} prompts, but the batch has {count}.", "visibility");
    }
}
