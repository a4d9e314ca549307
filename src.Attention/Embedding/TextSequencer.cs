using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;

namespace PackingKit.Attention;

/// <summary>Makes sequences of texts: tokenizes them, puts what belongs there before and after, and cuts what is too long.</summary>
internal sealed class TextSequencer
{
    private readonly Tokenizer _tokenizer;
    private readonly PackedEmbeddingOptions _options;
    private readonly int[] _prefix;
    private readonly int[] _suffix;

    /// <summary>Tokens of instruction and text together.</summary>
    private readonly int _room;

    public TextSequencer(Tokenizer tokenizer, PackedEmbeddingOptions options)
    {
        var maxTokens = options.MaxTokensPerText ?? options.TokenBudget;
        if (maxTokens < 1 || maxTokens > options.TokenBudget)
            throw new ArgumentOutOfRangeException(
                nameof(options), maxTokens, $"MaxTokensPerText is {maxTokens}, outside 1..{options.TokenBudget}, the token budget.");
        (_tokenizer, _options) = (tokenizer, options);
        _prefix = Special(options.PrefixTokens, (tokenizer as BertTokenizer)?.ClassificationTokenId);
        _suffix = Special(options.SuffixTokens, (tokenizer as BertTokenizer)?.SeparatorTokenId);
        _room = maxTokens - _prefix.Length - _suffix.Length;
        if (_room < 1)
            throw new ArgumentOutOfRangeException(
                nameof(options), maxTokens,
                $"Of {maxTokens} tokens, {_prefix.Length + _suffix.Length} before and after a text leave none for it.");
        Tokens(options.Instruction ?? "", nameof(options));
    }

    /// <summary>The sequences of texts.</summary>
    /// <param name="texts">Each with a token of its own, or one after it.</param>
    /// <param name="options">May have an instruction.</param>
    /// <param name="withSpans">Whether to find the characters of each token.</param>
    /// <param name="cancellationToken">Heard between texts.</param>
    public TextSequences Sequence(
        string[] texts, EmbeddingGenerationOptions? options, bool withSpans, CancellationToken cancellationToken)
    {
        var instruction = InstructionOf(options) ?? _options.Instruction ?? "";
        var instructionIds = Tokens(instruction, nameof(options));
        var instructionSpans = new Lazy<TokenSpans>(() => TokenSpans.Of(_tokenizer, instruction, 0, 0));
        if (Array.IndexOf(texts, null) is >= 0 and var missing)
            throw new ArgumentException($"Text {missing} is null.", "values");
        for (var text = 0; text < texts.Length; text++)
            if (HalfPair(texts[text]) is >= 0 and var place)
                throw new ArgumentException($"Text {text} has half a surrogate pair at character {place}.", "values");
        var all = new List<TextSequence>(texts.Length);
        var (truncated, split) = (0, 0);
        for (var text = 0; text < texts.Length; text++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var whole = instruction + texts[text];
            var spans = withSpans ? TokenSpans.Of(_tokenizer, whole, instruction.Length, text) : null;
            var ids = spans?.Ids ?? Ids(whole, instructionIds.Count + _room);
            var before = CommonPrefix(instructionIds, ids);
            if (before < Math.Min(instructionIds.Count, ids.Count))
                before = Math.Min(ids.Count, Before(before, instructionSpans, whole, instruction.Length, text));
            if (before >= _room)
                throw new ArgumentException(
                    $"Of {_room} tokens, {before} of the instruction before text {text} leave none for it.", nameof(options));
            var (own, chunks) = Cut(text, ids.Count - before, _room - before);
            truncated += before + own < ids.Count ? 1 : 0;
            split += chunks > 1 ? 1 : 0;
            var unpooled = instruction.Length == 0 ? 0 : _prefix.Length + before;
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                var first = before + (int)((long)own * chunk / chunks);
                var end = before + (int)((long)own * (chunk + 1) / chunks);
                int[] sequence = [.. _prefix, .. ids.Take(before), .. ids.Take(first..end), .. _suffix];
                if (sequence.Length == unpooled)
                    throw new ArgumentException($"Text {text} has no token.", "values");
                var places = spans?.Between(first, end, _prefix.Length + before - unpooled, _suffix.Length);
                all.Add(new TextSequence(text, sequence, unpooled, places ?? []));
            }
        }
        return new TextSequences(texts.Length, [.. all], truncated, split);
    }

    /// <summary>
    /// Tokens at the beginning that are the instruction's alone. What holds a character of the text is the text's, though the instruction
    /// may end in it, as the space of "query: " in the token " tea".
    /// </summary>
    /// <param name="same">Tokens that the instruction has without the text as well, not all of them.</param>
    /// <param name="instruction">Its tokens without the text.</param>
    /// <param name="whole">Instruction and text.</param>
    /// <param name="length">Characters of the instruction.</param>
    /// <param name="text">The text's number.</param>
    private int Before(int same, Lazy<TokenSpans> instruction, string whole, int length, int text)
    {
        try
        {
            // Of the last character alone the next token has more: it would else be the same as without the text.
            return length - instruction.Value.EndOf(same) <= 1 ? same : TokenSpans.Of(_tokenizer, whole, length, text).CountBeforeText;
        }
        catch (NotSupportedException) // nobody knows where tokens are
        {
            return same;
        }
    }

    /// <summary>How many of a text's own tokens are taken, in how many chunks.</summary>
    private (int Own, int Chunks) Cut(int text, int own, int room) => _options.LongTexts switch
    {
        _ when own <= room => (own, 1),
        LongTextRule.Truncate => (room, 1),
        LongTextRule.Average => (own, (own + room - 1) / room),
        _ => throw new ArgumentException($"Text {text} has {own} tokens, above the limit of {room}.", "values"),
    };

    private static string? InstructionOf(EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(PackedEmbeddingOptions.InstructionKey, out var asked) != true ? null
        : asked as string
            ?? throw new ArgumentException($"The instruction is of {asked?.GetType().Name ?? "null"}, not a string.", nameof(options));

    /// <summary>An instruction's tokens, which have to leave room for a text's.</summary>
    private IReadOnlyList<int> Tokens(string instruction, string argument)
    {
        if (instruction.Length == 0)
            return [];
        if (HalfPair(instruction) is >= 0 and var place)
            throw new ArgumentException($"The instruction has half a surrogate pair at character {place}.", argument);
        var ids = _tokenizer.EncodeToIds(instruction);
        return ids.Count < _room ? ids
            : throw new ArgumentOutOfRangeException(
                argument, ids.Count, $"Of {_room} tokens, {ids.Count} of the instruction leave none for a text.");
    }

    private static int CommonPrefix(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        var count = 0;
        while (count < first.Count && count < second.Count && first[count] == second[count])
            count++;
        return count;
    }

    /// <summary>
    /// The first half of a surrogate pair without its other half, or -1. Tokenizers refuse it or not, by what they do to a text and by
    /// whether the process has cultures.
    /// </summary>
    private static int HalfPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return i;
        return -1;
    }

    /// <summary>
    /// A text's token IDs; where the rest would be cut off anyway, the tokenizer is told to stop after one more than fits.
    /// </summary>
    private IReadOnlyList<int> Ids(string text, int limit)
    {
        if (_options.LongTexts != LongTextRule.Truncate)
            return _tokenizer.EncodeToIds(text); // all are needed, or the message has their number
        var ids = _tokenizer.EncodeToIds(text, (int)Math.Min(limit + 1L, int.MaxValue), out var normalized, out var consumed);
        // It may have stopped earlier, before a character of several tokens: then only the whole text tells.
        return ids.Count > limit || consumed == (normalized ?? text).Length ? ids : _tokenizer.EncodeToIds(text);
    }

    private static int[] Special(IReadOnlyList<int>? asked, int? usual)
    {
        int[] tokens = asked is not null ? [.. asked] : usual is { } token ? [token] : [];
        return Array.TrueForAll(tokens, id => id >= 0) ? tokens
            : throw new ArgumentOutOfRangeException("options", $"Of the tokens [{string.Join(", ", tokens)}] one is negative.");
    }
}
