using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace PackingKit.Attention.Tests;

public class TokenSpansTests
{
    /// <summary>Spaces of several kinds, what is dropped, ideographs that get spaces, capitals, accents of their own.</summary>
    private static readonly string[] Alphabet =
        ["a", "b", "C", " ", "  ", "\t", "\n", ".", "é", "É", "e\u0301", "漢", "字", "\U0001F600", "\0", "\uFFFD", "\u200B", "ß"];

    private static readonly string[] Vocabulary =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "C", "##a", "##b", "##c", ".", "é", "É", "漢", "字", "aé", "##é"];

    public static readonly TheoryData<string, Tokenizer> Tokenizers = new()
    {
        { "bert", BertTokenizer.Create(VocabularyFile()) },
        { "cased", BertTokenizer.Create(VocabularyFile(), new BertOptions { LowerCaseBeforeTokenization = false }) },
        { "accents dropped", BertTokenizer.Create(VocabularyFile(), new BertOptions { RemoveNonSpacingMarks = true }) },
        { "pieces", SentencePieces.Create(dropsSpaces: false, "\u2581", "a", "b", "C", "\u2581a", "ab", ".", "é", "漢") },
        { "pieces without spaces", SentencePieces.Create(dropsSpaces: true, "\u2581", "a", "b", "C", "\u2581a", "ab", ".", "é", "漢") },
        { "single bytes", SingleBytes() },
        { "bytes", TiktokenTokenizer.CreateForModel("text-embedding-3-small") },
    };

    /// <summary>
    /// A token's characters are what it says, case, accents and white space aside, wherever the normalizer moved it; and no letter is
    /// left out.
    /// </summary>
    [Theory, MemberData(nameof(Tokenizers))]
    public void Every_token_is_found_in_the_text(string name, Tokenizer tokenizer)
    {
        Assert.NotEmpty(name);
        var random = new Random(name.Length);
        for (var trial = 0; trial < 500; trial++)
        {
            var text = string.Concat(random.GetItems(Alphabet, random.Next(12)));
            var instruction = string.Concat(random.GetItems(["a", "b", " ", "é"], random.Next(3)));
            var tokens = tokenizer.EncodeToTokens(instruction + text, out var normalized);
            if (normalized == "")
                continue; // what the tokenizer makes of one letter between spaces that it drops
            var spans = TokenSpans.Of(tokenizer, instruction + text, instruction.Length, 0);
            Assert.Equal(tokens.Select(token => token.Id), spans.Ids);
            var found = spans.Between(0, tokens.Count, 0, 0);
            var covered = new bool[text.Length];
            var last = 0;
            for (var i = 0; i < found.Length; i++)
            {
                var (start, end) = (found[i].Start.Value, found[i].End.Value);
                Assert.InRange(start, last, end);
                Assert.InRange(end, start, text.Length);
                last = start;
                Array.Fill(covered, true, start, end - start);
                Assert.True(start == end || (HalfPairs(text[start..end]) == 0), $"token {i} parts a character of '{text}'");
                if (instruction.Length == 0)
                    Assert.Equal(Letters((normalized ?? text)[tokens[i].Offset]), Letters(text[found[i]]));
            }
            for (var i = 0; i < text.Length; i++)
                Assert.True(
                    covered[i] || (char.IsSurrogate(text[i]) && name != "single bytes") || Letters($"{text[i]}").Length == 0,
                    $"character {i} of '{text}' is no token's");
        }
    }

    [Fact]
    public void Places_are_those_of_the_text_and_not_of_the_normalized_one()
    {
        var bert = (Tokenizer)Tokenizers.Single(row => row.Data.Item1 == "bert").Data.Item2;
        Assert.Equal(["C", "漢", "漢", "a", "b"], Found(bert, "C 漢漢\0 ab"));
        var pieces = (Tokenizer)Tokenizers.Single(row => row.Data.Item1 == "pieces without spaces").Data.Item2;
        Assert.Equal(["", "a", "a", "b"], Found(pieces, "a   ab")); // <s> stands for nothing
        var bytes = (Tokenizer)Tokenizers.Single(row => row.Data.Item1 == "bytes").Data.Item2;
        Assert.Equal(["hot", "tea", "."], Found(bytes, "hot tea."));

        static string[] Found(Tokenizer tokenizer, string text)
        {
            var spans = TokenSpans.Of(tokenizer, text, 0, 0);
            return [.. spans.Between(0, spans.Ids.Count, 0, 0).Select(span => text[span])];
        }
    }

    [Fact]
    public void Bytes_of_one_character_all_have_it()
    {
        var spans = TokenSpans.Of(SingleBytes(), "ok 🙂漢", 0, 0);
        Assert.Equal(
            ["o", "k", "🙂", "🙂", "🙂", "🙂", "漢", "漢", "漢"],
            spans.Between(0, spans.Ids.Count, 0, 0).Select(span => "ok 🙂漢"[span]).Where(letters => letters != " "));
    }

    /// <summary>Byte pairs without a pair: a byte is a token.</summary>
    private static BpeTokenizer SingleBytes()
    {
        var own = Enumerable.Range('!', '~' - '!' + 1).Concat(Enumerable.Range('¡', '¬' - '¡' + 1))
            .Concat(Enumerable.Range('®', 'ÿ' - '®' + 1))
            .ToHashSet(); // bytes that stand for themselves; the others are letters from U+0100 on
        var others = 0x100;
        var letters = Enumerable.Range(0, 256).Select(value => $"{(char)(own.Contains(value) ? value : others++)}");
        var folder = Directory.CreateTempSubdirectory("packingkit-test-");
        try
        {
            var (vocabulary, merges) = (Path.Combine(folder.FullName, "vocab.json"), Path.Combine(folder.FullName, "merges.txt"));
            var entries = letters.Select((letter, id) => $"{JsonSerializer.Serialize(letter)}: {id}");
            File.WriteAllText(vocabulary, $"{{ {string.Join(", ", entries)} }}");
            File.WriteAllText(merges, "");
            return BpeTokenizer.Create(new BpeOptions(vocabulary, merges) { ByteLevel = true });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Halves of characters whose other half is not there.</summary>
    private static int HalfPairs(string text) =>
        text.EnumerateRunes().Count(rune => rune == Rune.ReplacementChar) - text.Count(c => c == '\uFFFD');

    [Fact]
    public void What_cannot_be_followed_is_refused()
    {
        Assert.Null(TokenSpans.Places("abc", "xyz"));
        Assert.Null(TokenSpans.Places("ab", "abc"));
        Assert.Null(TokenSpans.Places("\uFFFEx", "y"));
        Assert.Equal([(0, 1), (2, 3)], TokenSpans.Places("a\0b\0", "ab")!);
        Assert.Equal([(0, 2), (2, 3)], TokenSpans.Places("e\u0301a", "ea")!); // the accent is the letter's
        Assert.Equal([(0, 1), (1, 2)], TokenSpans.Places("\u03C2\u1E9E", "\u03A3\u00DF")!); // sigmas and sharp s
        if ("\uFB01".Normalize(NormalizationForm.FormKD) == "fi") // not without cultures
            Assert.Equal([(0, 1), (0, 1), (1, 2)], TokenSpans.Places("\uFB01x", "fix")!);
    }

    [Property(MaxTest = 300)]
    public void Case_and_white_space_are_followed(string? given, bool upper)
    {
        var text = string.Concat((given ?? "").Where(letter => !char.IsSurrogate(letter) && letter != 'ı' && letter != 'İ'));
        var changed = string.Join("  ", (upper ? text.ToUpperInvariant() : text.ToLowerInvariant()).Split(' '));
        var places = TokenSpans.Places(text, changed);
        Assert.NotNull(places);
        for (var j = 0; j < changed.Length; j++)
            if (!char.IsWhiteSpace(changed[j]) && places[j].Start < places[j].End)
                Assert.Equal(char.ToUpperInvariant(changed[j]), char.ToUpperInvariant(text[places[j].Start]));
    }

    /// <summary>Without halves of surrogate pairs, which have no normal form where there are cultures.</summary>
    private static string Letters(string text) => string.Concat(string.Concat(text.Where(letter => !char.IsSurrogate(letter)))
        .Normalize(NormalizationForm.FormKD)
        .Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '漢' or '字')).ToUpperInvariant();

    private static MemoryStream VocabularyFile() => new(Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary)));
}
