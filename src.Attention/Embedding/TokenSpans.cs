using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace PackingKit.Attention;

/// <summary>
/// The characters that tokens stand for. Tokenizers give places in the text as they normalized it; they are followed back to the text
/// itself.
/// </summary>
internal sealed class TokenSpans
{
    private readonly Range[] _spans;

    private TokenSpans(int[] ids, Range[] spans) => (Ids, _spans) = (ids, spans);

    public IReadOnlyList<int> Ids { get; }

    /// <summary>Tokens at the beginning that hold no character of the text behind the instruction.</summary>
    public int CountBeforeText => _spans.TakeWhile(span => span.End.Value == 0).Count();

    /// <summary>Where the first tokens end.</summary>
    public int EndOf(int tokens) => tokens == 0 ? 0 : _spans[tokens - 1].End.Value;

    /// <summary>The tokens of a text behind an instruction.</summary>
    /// <param name="tokenizer">Gives tokens with their places.</param>
    /// <param name="whole">Instruction and text.</param>
    /// <param name="instruction">Characters of the instruction.</param>
    /// <param name="number">The text's number, for the message.</param>
    public static TokenSpans Of(Tokenizer tokenizer, string whole, int instruction, int number)
    {
        var tokens = tokenizer.EncodeToTokens(whole, out var normalized);
        var places = Places(whole, normalized ?? whole)
            ?? throw new NotSupportedException($"The tokenizer changes text {number} too much to tell where its tokens are.");
        var spans = new Range[tokens.Count];
        for (var i = 0; i < spans.Length; i++)
        {
            var (first, count) = tokens[i].Offset.GetOffsetAndLength(places.Length);
            var (start, end) = Trimmed(whole, places.AsSpan(first, count), first < places.Length ? places[first].Start : whole.Length);
            spans[i] = Math.Max(0, start - instruction)..Math.Max(0, end - instruction);
        }
        return new TokenSpans([.. tokens.Select(token => token.Id)], spans);
    }

    /// <summary>The spans of some tokens, with empty ones for tokens before and after them that stand for no character.</summary>
    public Range[] Between(int first, int end, int before, int after)
    {
        var own = _spans.AsSpan(first, end - first);
        var (start, stop) = own.IsEmpty ? (Index.Start, Index.Start) : (own[0].Start, own[^1].End);
        return [.. Enumerable.Repeat(start..start, before), .. own, .. Enumerable.Repeat(stop..stop, after)];
    }

    /// <summary>
    /// From where to where places go, without white space around: that of " tea" would else belong to the part before it.
    /// </summary>
    private static (int Start, int End) Trimmed(string text, ReadOnlySpan<(int Start, int End)> places, int otherwise)
    {
        var (start, end) = (otherwise, otherwise);
        foreach (var place in places)
            if (place.Start < place.End)
                (start, end) = (start == end ? place.Start : start, place.End);
        var (first, last) = (start, end);
        while (first < last && char.IsWhiteSpace(text[first]))
            first++;
        while (last > first && char.IsWhiteSpace(text[last - 1]))
            last--;
        return first < last ? (Widened(text, first, -1), Widened(text, last, 1)) : (start, end);
    }

    /// <summary>A place, or the one beside it where it would part the halves of a character: some tokenizers count those alone.</summary>
    private static int Widened(string text, int place, int step) =>
        place > 0 && place < text.Length && char.IsSurrogatePair(text[place - 1], text[place]) ? place + step : place;

    /// <summary>
    /// For each character of a normalized text those of the text that it comes from, none where the normalizer put it in (spaces around
    /// ideographs, a leading space); <see langword="null"/> where more was changed than case, accents, compatibility forms and white space.
    /// </summary>
    internal static (int Start, int End)[]? Places(string text, string normalized)
    {
        var places = new (int Start, int End)[normalized.Length];
        var (i, j) = (0, 0);
        while (j < normalized.Length)
        {
            if (i < text.Length && Matched(text[i], normalized.AsSpan(j)) is > 0 and var count)
            {
                places.AsSpan(j, count).Fill((i, i + 1));
                (i, j) = (i + 1, j + count);
            }
            else if (i < text.Length && IsMark(text[i]) && j > 0)
                places[j - 1].End = ++i; // an accent that went into its letter, or was dropped
            else if (IsSpace(normalized[j]) || IsMark(normalized[j]))
                places[j++] = (i, i);
            else if (i < text.Length && (IsSpace(text[i]) || IsIgnored(text[i])))
                i++;
            else
                return null;
        }
        return places;
    }

    /// <summary>Characters at the beginning of the normalized rest that one of the text has become.</summary>
    private static int Matched(char letter, ReadOnlySpan<char> normalized)
    {
        if (letter == normalized[0] || (IsSpace(letter) && IsSpace(normalized[0])))
            return 1;
        if (char.IsSurrogate(letter) || char.IsSurrogate(normalized[0]))
            return 0;
        var count = 0;
        foreach (var part in Folded(letter))
        {
            if (count == normalized.Length || !Folded(normalized[count]).StartsWith(part))
                return 0;
            count++;
        }
        return count;
    }

    /// <summary>A character without case, accents and compatibility.</summary>
    private static string Folded(char letter) => char.IsSurrogate(letter) || letter == '\uFFFE' ? $"{letter}" // they have no normal form
        : string.Concat($"{letter}".Normalize(NormalizationForm.FormKD).Where(part => !IsMark(part))).ToUpperInvariant().ToLowerInvariant();

    private static bool IsSpace(char letter) => char.IsWhiteSpace(letter) || letter == '\u2581'; // SentencePiece's sign for a space

    private static bool IsMark(char letter) => char.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark;

    private static bool IsIgnored(char letter) => letter == '\uFFFD'
        || char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned;
}
