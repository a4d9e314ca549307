using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests.Documents;

[Properties(Arbitrary = [typeof(DocumentCases)], MaxTest = 500)]
public class DocumentPiecesTests
{
    [Property]
    public void Pieces_are_those_that_are_cut_token_by_token(DocumentCase drawn)
    {
        var pieces = drawn.Cut();
        Piece[] naive = [.. drawn.Lengths.SelectMany((length, document) => Naive(document, length, drawn.Rules))];
        Assert.Equal(naive, Enumerable.Range(0, pieces.Count).Select(piece => pieces[piece]));
        Assert.Equal(naive.Select(piece => piece.Length), pieces.Lengths.ToArray());
        Assert.Equal(naive.Select(piece => Slots(piece.Length, drawn.Rules)), pieces.Slots.ToArray());
        var copied = new Piece[naive.Length];
        pieces.CopyTo([.. Enumerable.Range(0, naive.Length).Reverse()], copied);
        Assert.Equal(naive.Reverse(), copied);
    }

    [Property]
    public void Every_token_and_every_document_is_counted(DocumentCase drawn)
    {
        var pieces = drawn.Cut();
        var times = drawn.Lengths.Select(length => new int[length]).ToArray();
        for (var piece = 0; piece < pieces.Count; piece++)
            for (var (document, start, length) = pieces[piece]; length > 0; length--)
                times[document][start + length - 1]++;
        var max = drawn.Rules.MaxLength;
        Assert.Equal(times.Sum(each => each.Count(time => time == 0)), pieces.LostTokens);
        Assert.Equal(times.Sum(each => each.Sum(time => Math.Max(0, time - 1))), pieces.RepeatedTokens);
        Assert.Equal(times.Sum(each => each.Sum()), pieces.TokenCount);
        Assert.Equal(drawn.Lengths.Count(length => length <= drawn.Rules.Lookahead), pieces.Empty);
        var tooLong = drawn.Lengths.Count(length => length > max);
        Assert.Equal(drawn.Rules.Long == LongDocuments.Split ? tooLong : 0, pieces.Split);
        Assert.Equal(drawn.Rules.Long == LongDocuments.Drop ? tooLong : 0, pieces.Dropped);
        Assert.Equal(
            drawn.Rules.Long is LongDocuments.TruncateLeft or LongDocuments.TruncateRight ? tooLong : 0, pieces.Truncated);
    }

    [Fact]
    public void A_cut_with_an_overlap_of_one_loses_no_target()
    {
        var rules = new PieceRules(4) { Long = LongDocuments.Split };
        var pieces = DocumentPieces.Cut(new[] { 10 }, rules);
        Assert.Equal([new(0, 0, 4), new(0, 3, 4), new(0, 6, 4)], Enumerable.Range(0, 3).Select(piece => pieces[piece]));
        // Targets are all tokens of a piece but its first.
        var targets = Enumerable.Range(0, pieces.Count).SelectMany(i => Enumerable.Range(pieces[i].Start + 1, pieces[i].Length - 1));
        Assert.Equal(Enumerable.Range(1, 9), targets);
    }

    [Fact]
    public void A_short_rest_takes_tokens_of_the_piece_before()
    {
        var rules = new PieceRules(8) { Long = LongDocuments.Split, Overlap = 0, MinFragment = 3 };
        var pieces = DocumentPieces.Cut(new[] { 17 }, rules);
        Assert.Equal([new(0, 0, 8), new(0, 8, 6), new(0, 14, 3)], Enumerable.Range(0, 3).Select(piece => pieces[piece]));
    }

    [Fact]
    public void Bad_documents_and_rules_are_refused()
    {
        var refuse = new PieceRules(8) { Long = LongDocuments.Refuse };
        Refused.Wrong("documents", () => DocumentPieces.Cut(new[] { 8, 9 }, refuse), "Document 1 has 9 tokens, above the 8 that fit");
        Assert.Equal(1, DocumentPieces.Cut(new[] { 8 }, refuse).Count);
        Refused.OutOfRange("documents", () => DocumentPieces.Cut(new[] { 3, -1 }, new PieceRules(8)), "Document 1 has -1 tokens");
        Refused.OutOfRange("capacity", () => new PieceRules(0));
        Refused.OutOfRange("Overlap", () => new PieceRules(8) { Overlap = -1 });
        Refused.OutOfRange("MinFragment", () => new PieceRules(8) { MinFragment = 0 });
        Refused.OutOfRange("Alignment", () => new PieceRules(8) { Alignment = 0 });
        Refused.OutOfRange("Lookahead", () => new PieceRules(8) { Lookahead = -1 });
        var split = new PieceRules(8) { Long = LongDocuments.Split };
        foreach (var (rules, message) in new[]
        {
            (split with { Overlap = 8 }, "With an overlap of 8"),
            (split with { MinFragment = 5 }, "A least fragment of 5"),
            (split with { Lookahead = 1, Overlap = 0 }, "Pieces overlap by 0 tokens, fewer than the 1"),
            (split with { Alignment = 9 }, "No piece of a multiple of 9 slots fits a pack of 8"),
        })
        {
            Assert.Contains(
                message, Assert.Throws<ArgumentException>(() => DocumentPieces.Cut(new[] { 9 }, rules)).Message, StringComparison.Ordinal);
        }
        var piece = DocumentPieces.Cut(new[] { 8 }, refuse);
        Refused.OutOfRange("piece", () => piece[1], "There is no piece 1");
        Refused.Wrong("pieces", () => piece.CopyTo([0], []));
    }

    /// <summary>Pieces of one document, a token at a time.</summary>
    private static IEnumerable<Piece> Naive(int document, int length, PieceRules rules)
    {
        List<int> kept = [.. Enumerable.Range(0, length)];
        if (length <= rules.Lookahead)
            return [];
        var max = 0;
        while (Slots(max + 1 + rules.Lookahead, rules) <= rules.Capacity)
            max++;
        max += rules.Lookahead;
        if (length <= max)
            return [new Piece(document, 0, length)];
        if (rules.Long == LongDocuments.Drop)
            return [];
        while (rules.Long == LongDocuments.TruncateRight && kept.Count > max)
            kept.RemoveAt(kept.Count - 1);
        while (rules.Long == LongDocuments.TruncateLeft && kept.Count > max)
            kept.RemoveAt(0);
        List<List<int>> pieces = [];
        for (var next = 0; pieces.Count == 0 || next < kept.Count; next++)
        {
            if (pieces.Count == 0 || pieces[^1].Count == max)
            {
                next -= pieces.Count == 0 ? 0 : rules.Overlap;
                pieces.Add([]);
            }
            pieces[^1].Add(kept[next]);
        }
        while (pieces.Count > 1 && pieces[^1].Count < rules.MinFragment)
        {
            pieces[^1].Insert(0, pieces[^1][0] - 1);
            pieces[^2].RemoveAt(pieces[^2].Count - 1);
        }
        return pieces.Select(piece => new Piece(document, piece[0], piece.Count));
    }

    private static int Slots(int length, PieceRules rules)
    {
        var slots = length - rules.Lookahead;
        while (slots % rules.Alignment != 0)
            slots++;
        return slots;
    }
}
