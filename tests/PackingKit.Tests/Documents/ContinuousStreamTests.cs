using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests.Documents;

[Properties(Arbitrary = [typeof(DocumentCases)], MaxTest = 500)]
public class ContinuousStreamTests
{
    [Fact]
    public void Documents_are_cut_wherever_a_pack_is_full()
    {
        var index = ContinuousStream.Cut(new[] { 2, 2, 2 }, 3);
        Assert.Equal([[0, 0, 1], [1, 2, 2]], Tokens(index).Select(pack => pack.Select(token => token.Document)));
    }

    [Property]
    public void Packs_are_those_that_are_filled_token_by_token(DocumentCase drawn)
    {
        var (capacity, lookahead) = (drawn.Rules.Capacity, drawn.Rules.Lookahead);
        var overlap = Math.Clamp(drawn.Rules.Overlap, lookahead, Math.Max(lookahead, capacity - 1));
        if (overlap >= capacity)
            return;
        var index = ContinuousStream.Cut(drawn.Lengths, capacity, overlap, lookahead);
        Assert.Equal(Naive(drawn.Lengths, capacity, overlap, lookahead), Tokens(index));
        Assert.Null(PackConservation.FindFault(index));
        Assert.All(Enumerable.Range(0, Math.Max(0, index.PackCount - 1)), pack => Assert.Equal(
            capacity, index[pack].ToArray().Sum(piece => index.Pieces.Slots[piece])));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Refused.OutOfRange("documents", () => ContinuousStream.Cut(new[] { 1, -2 }, 3), "Document 1 has -2 tokens");
        Refused.OutOfRange("overlap", () => ContinuousStream.Cut(new[] { 1 }, 3, 3));
        Refused.OutOfRange("overlap", () => ContinuousStream.Cut(new[] { 1 }, 3, 0, 1));
        Refused.OutOfRange("lookahead", () => ContinuousStream.Cut(new[] { 1 }, 3, 0, -1));
        Refused.OutOfRange("overlap", () => ContinuousStream.Cut(new[] { 1 }, 0));
    }

    private static List<List<(int Document, int Token)>> Tokens(PackIndex index) =>
    [
        .. Enumerable.Range(0, index.PackCount).Select(pack => index[pack].ToArray().SelectMany(number =>
        {
            var (document, start, length) = index.Pieces[number];
            return Enumerable.Range(start, length).Select(token => (document, token));
        }).ToList()),
    ];

    private static List<List<(int Document, int Token)>> Naive(int[] lengths, int capacity, int overlap, int lookahead)
    {
        List<List<(int, int)>> packs = [];
        var slots = capacity;
        for (var document = 0; document < lengths.Length; document++)
            for (var token = 0; token < lengths[document] && lengths[document] > lookahead; token++)
            {
                if (slots == capacity)
                {
                    packs.Add([]);
                    slots = 0;
                }
                // One slot a token; at the end of a document or of a pack, the tokens that are targets only come without.
                packs[^1].Add((document, token));
                slots++;
                if (slots < capacity && token + 1 + lookahead < lengths[document])
                    continue;
                for (var ahead = 0; ahead < lookahead; ahead++)
                    packs[^1].Add((document, ++token));
                if (token + 1 < lengths[document])
                    token = Math.Max(0, token + 1 - overlap) - 1;
            }
        return packs;
    }
}
