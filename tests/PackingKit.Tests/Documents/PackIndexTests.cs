using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests.Documents;

[Properties(Arbitrary = [typeof(DocumentCases)], MaxTest = 300)]
public class PackIndexTests
{
    [Property]
    public void However_documents_are_packed_nothing_is_lost_and_no_pack_is_over(DocumentCase drawn, byte ranks, byte seed, byte epoch)
    {
        var pieces = drawn.Cut();
        var options = new DocumentPackingOptions { Seed = seed % 2 == 0 ? seed : null, Epoch = epoch, MaxPieces = 1 + epoch % 5 };
        var packed = DocumentPacker.Pack(pieces, new BestFitDecreasing(), options);
        var index = packed.Index.ToMultipleOf(ranks % 7 + 1, allowEmpty: true);
        foreach (var each in (PackIndex[])[packed.Index, index, index.Shuffle(seed, epoch)])
        {
            Assert.Null(PackConservation.FindFault(each));
            Assert.All(Enumerable.Range(0, each.PackCount), pack => Assert.True(each[pack].Length <= options.MaxPieces));
        }
        Assert.Equal(0, index.PackCount % (ranks % 7 + 1));
        Assert.InRange(index.PackCount - packed.Index.PackCount, 0, ranks % 7);
        Assert.InRange(packed.Bound.Bins, 0, packed.Index.PackCount);
    }

    [Property]
    public void Packs_never_mix_groups(DocumentCase drawn, byte first, byte second)
    {
        var pieces = drawn.Cut();
        int[] cuts = [.. ((int[])[first, second]).Select(cut => cut % (drawn.Lengths.Length + 1)).Order()];
        int[] groups = [0, .. cuts];
        var packed = DocumentPacker.Pack(
            pieces, new BestFitDecreasing(), new DocumentPackingOptions { Groups = [.. groups], Seed = first });
        Assert.Null(PackConservation.FindFault(packed.Index));
        Assert.All(Enumerable.Range(0, packed.Index.PackCount), pack => Assert.Single(
            packed.Index[pack].ToArray().Select(piece => groups.Count(start => start <= pieces[piece].Document)).Distinct()));
        // Group by group it is what each group alone is.
        var alone = groups.Select((start, group) => drawn.Lengths[start..(group + 1 < groups.Length ? groups[group + 1] : ^0)])
            .Sum(group => DocumentPacker.Pack(DocumentPieces.Cut(group, drawn.Rules), new BestFitDecreasing()).Index.PackCount);
        Assert.Equal(alone, packed.Index.PackCount);
    }

    [Fact]
    public void Each_epoch_has_new_packs_of_the_same_tightness()
    {
        var pieces = DocumentPieces.Cut(SequenceLengths.LogNormal(2000, 1, 100, 1, 512), new PieceRules(512));
        PackIndex Epoch(int epoch, long seed = 5) => DocumentPacker.Pack(
            pieces, new BestFitDecreasing(), new DocumentPackingOptions { Seed = seed, Epoch = epoch }).Index;
        var plain = DocumentPacker.Pack(pieces, new BestFitDecreasing()).Index;
        var (first, second) = (Epoch(0), Epoch(1));
        Assert.Equal(first.Packing, Epoch(0).Packing);
        Assert.NotEqual(first.Packing, second.Packing);
        Assert.NotEqual(first.Packing, Epoch(0, 6).Packing);
        Assert.Equal([plain.PackCount, plain.PackCount], [first.PackCount, second.PackCount]);
        // Most documents have other neighbours.
        Assert.True(Neighbours(first).Intersect(Neighbours(second)).Count() < Neighbours(first).Count() / 4);

        static IEnumerable<(int, int)> Neighbours(PackIndex index) => Enumerable.Range(0, index.PackCount).SelectMany(pack =>
            index[pack].ToArray().Order().ToArray() is var items ? items.Zip(items.Skip(1)) : []);
    }

    [Property]
    public void Shuffling_moves_whole_packs_only(DocumentCase drawn, int seed)
    {
        var index = DocumentPacker.Pack(drawn.Cut(), new BestFitDecreasing()).Index;
        var shuffled = index.Shuffle(seed);
        Assert.Equal(Packs(index).Order(StringComparer.Ordinal), Packs(shuffled).Order(StringComparer.Ordinal));
        Assert.Equal(shuffled.Packing, index.Shuffle(seed).Packing);

        static IEnumerable<string> Packs(PackIndex index) =>
            Enumerable.Range(0, index.PackCount).Select(pack => string.Join(' ', index[pack].ToArray()));
    }

    [Fact]
    public void The_fullest_packs_by_pieces_are_halved_for_the_ranks()
    {
        var pieces = DocumentPieces.Cut(new[] { 1, 1, 1, 1, 1, 1 }, new PieceRules(8));
        var index = new PackIndex(pieces, Packing.FromAssignment([0, 0, 0, 0, 1, 1], 2));
        Assert.Same(index, index.ToMultipleOf(2));
        Assert.Equal([0, 2, 4, 6], index.ToMultipleOf(3).Packing.BinOffsets.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 6], index.ToMultipleOf(5).Packing.BinOffsets.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 6], index.ToMultipleOf(7, allowEmpty: true).Packing.BinOffsets.ToArray());
        Refused.Wrong("ranks", () => index.ToMultipleOf(7), "too few pieces, 6, to give each of 7 ranks");
        Refused.OutOfRange("ranks", () => index.ToMultipleOf(0));
        Refused.Wrong("packing", () => new PackIndex(pieces, Packing.Empty), "of 0 items, not of 6 pieces");
        Refused.OutOfRange("bin", () => index[2].Length);
    }

    [Fact]
    public void Padding_counts_in_the_capacity()
    {
        var rules = new PieceRules(16) { Alignment = 8 };
        Assert.Equal(2, DocumentPacker.Pack(DocumentPieces.Cut(new[] { 5, 5, 6 }, rules), new BestFitDecreasing()).Index.PackCount);
        Assert.Equal(
            1, DocumentPacker.Pack(DocumentPieces.Cut(new[] { 5, 5, 6 }, new PieceRules(16)), new BestFitDecreasing()).Index.PackCount);
    }

    [Fact]
    public void Groups_that_do_not_cut_the_documents_are_refused()
    {
        var pieces = DocumentPieces.Cut(new[] { 1, 2, 3 }, new PieceRules(8));
        foreach (var (groups, message) in new (int[], string)[]
        {
            ([1], "The first group starts with document 1, not 0."),
            ([0, 2, 1], "Group 2 starts with document 1, outside 2..3."),
            ([0, 4], "Group 1 starts with document 4, outside 0..3."),
        })
        {
            Refused.Wrong("groups", () => DocumentPacker.Pack(
                pieces, new BestFitDecreasing(), new DocumentPackingOptions { Groups = [.. groups] }), message);
        }
    }

    [Fact]
    public void Whatever_is_wrong_with_packs_is_found()
    {
        var pieces = DocumentPieces.Cut(new[] { 3, 12, 0, 4 }, new PieceRules(10) { Long = LongDocuments.Split, Overlap = 0 });
        string? Fault(int[] offsets, params int[] items) =>
            PackConservation.FindFault(new PackIndex(pieces, Packing.FromRows(offsets, items)));
        Assert.Null(Fault([0, 1, 4], 1, 0, 2, 3)); // pieces of 3, 10, 2 and 4 tokens
        Assert.Equal("Pack 0 takes 13 slots of 10.", Fault([0, 2, 4], 1, 0, 2, 3));

        string? FaultOf(int[] documents, PieceRules rules, params Piece[] cut) => PackConservation.FindFault(new PackIndex(
            DocumentPieces.Trusted(documents, rules, cut, 0, 0, 0),
            Packing.FromAssignment([.. Enumerable.Range(0, cut.Length)], cut.Length)));
        var split = new PieceRules(10) { Long = LongDocuments.Split, Overlap = 0 };
        Assert.Null(FaultOf([12], split, new(0, 0, 10), new(0, 10, 2)));
        Assert.Equal("Document 0: a piece starts at token 9, where 10 was due.", FaultOf([12], split, new(0, 0, 10), new(0, 9, 3)));
        Assert.Equal("Document 0: a piece starts at token 11, where 10 was due.", FaultOf([12], split, new(0, 0, 10), new(0, 11, 1)));
        Assert.Equal("Document 0: tokens up to 10 are packed, 12 were due.", FaultOf([12], split, new Piece(0, 0, 10)));
        Assert.Equal("Document 1: tokens up to 0 are packed, 4 were due.", FaultOf([3, 4], split, new Piece(0, 0, 3)));
        Assert.Equal(
            "Document 0: tokens up to 13 are packed, 12 were due.", FaultOf([12], split, new(0, 0, 10), new(0, 10, 3)));
        Assert.Equal(
            "Document 0: a piece ends at token 10, where more than 10 was due.",
            FaultOf([12], split with { Overlap = 3 }, new(0, 0, 10), new(0, 8, 2)));
        Assert.Equal("Piece 1 is of document 7, which is not there or came before.", FaultOf([3], split, new(0, 0, 3), new(7, 0, 3)));
        Assert.Equal("2 tokens are lost, 0 were counted.", FaultOf([12], new PieceRules(10), new Piece(0, 0, 10)));
        Assert.Equal("Document 0: a piece starts at token 0, where 2 was due.",
            FaultOf([12], new PieceRules(10) { Long = LongDocuments.TruncateLeft }, new Piece(0, 0, 10)));
        Assert.Equal("Document 0: tokens up to 10 are packed, 0 were due.",
            FaultOf([12], new PieceRules(10) { Long = LongDocuments.Drop }, new Piece(0, 0, 10)));
    }
}
