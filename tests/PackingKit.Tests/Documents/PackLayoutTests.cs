using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests.Documents;

public class PackLayoutTests
{
    private const int X = PackLayout.IgnoredLabel;

    [Fact]
    public void Labels_are_the_next_token_of_the_same_document()
    {
        var layout = new PackLayout([3, 2], rowMultiple: 7);
        var (slots, labels) = (new int[7], new int[7]);
        layout.WriteTokens([10, 20, 30, 40, 50], slots, 0);
        layout.WriteLabels(slots, labels);
        Assert.Equal([10, 20, 30, 40, 50, 0, 0], slots);
        Assert.Equal([20, 30, X, 50, X, X, X], labels);
    }

    [Fact]
    public void Offsets_plain_padded_and_of_a_fixed_count()
    {
        // Documents of 5, 5 and 6 in packs of 16 by multiples of 8 are two packs; as one row after the other 0, 5, 10, 16 and 0, 8, 16, 32.
        var first = new PackLayout([5, 5], 8, 16);
        var second = new PackLayout([6], 8, 16);
        Assert.Equal([16, 16], [first.SlotCount, second.SlotCount]);
        var (plain, padded) = (new int[3], new int[3]);
        first.WriteCuSeqLens(plain);
        first.WritePaddedCuSeqLens(padded);
        Assert.Equal([0, 5, 10], plain);
        Assert.Equal([0, 8, 16], padded);
        second.WriteCuSeqLens(plain.AsSpan(0, 2));
        second.WritePaddedCuSeqLens(padded.AsSpan(0, 2));
        Assert.Equal([10 + 0, 10 + 6], plain[..2].Select(offset => 10 + offset));
        Assert.Equal([16 + 0, 16 + 16], padded[..2].Select(offset => 16 + offset));
        var many = new int[6];
        first.WritePaddedCuSeqLens(many);
        Assert.Equal([0, 8, 16, 16, 16, 16], many);
    }

    [Fact]
    public void Loss_weights_by_token_by_document_and_scaled()
    {
        var layout = new PackLayout([3, 1, 5], alignment: 2);
        var weights = new float[layout.SlotCount];
        layout.WriteLabelMask(weights);
        Assert.Equal([1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0], weights);
        layout.NormalizeLossWeights(weights);
        Assert.Equal([.5f, .5f, 0, 0, 0, 0, .25f, .25f, .25f, .25f, 0, 0], weights);
        layout.NormalizeLossWeights(weights, scale: 2);
        Assert.Equal([1, 1, 0, 0, 0, 0, .5f, .5f, .5f, .5f, 0, 0], weights);

        var slots = new float[layout.SlotCount];
        layout.WriteTokens([9, 0, 3, 9, 9, 1, 0, 0, 3], slots, 0);
        layout.WriteLossWeights(slots, weights);
        Assert.Equal([0, 3, 0, 0, 0, 0, 1, 0, 0, 3, 0, 0], weights); // each at the slot that predicts its token
        layout.NormalizeLossWeights(weights);
        Assert.Equal([0, 1, 0, 0, 0, 0, .25f, 0, 0, .75f, 0, 0], weights);
    }

    [Property(MaxTest = 300)]
    public void Every_array_is_that_of_a_walk_over_slots(byte[] documents, byte alignment, byte row)
    {
        int[] lengths = [.. documents.Select(length => length % 9)];
        var (align, multiple) = (alignment % 5 + 1, row % 13 + 1);
        var layout = new PackLayout(lengths, align, multiple);
        List<(int Document, int Position)> slots = [];
        for (var document = 0; document < lengths.Length; document++)
        {
            slots.AddRange(Enumerable.Range(0, lengths[document]).Select(position => (document, position)));
            for (var slot = lengths[document]; slot % align != 0; slot++)
                slots.Add((-1, 0));
        }
        while (slots.Count % multiple != 0)
            slots.Add((-1, 0));
        Assert.Equal(slots.Count, layout.SlotCount);
        Assert.Equal(lengths.Sum(), layout.TokenCount);

        var (tokens, labels, positions, segments) =
            (new int[slots.Count], new int[slots.Count], new int[slots.Count], new int[slots.Count]);
        layout.WriteTokens([.. Enumerable.Range(100, lengths.Sum())], tokens, 7);
        layout.WriteLabels(tokens, labels);
        layout.WritePositionIds(positions);
        layout.WriteSegmentIds(segments);
        var next = 100;
        Assert.Equal(slots.Select(slot => slot.Document < 0 ? 7 : next++), tokens);
        Assert.Equal(slots.Select(slot => slot.Position), positions);
        Assert.Equal(slots.Select(slot => slot.Document + 1), segments);
        Assert.Equal(slots.Index().Select(slot => slot.Index + 1 < slots.Count && slot.Item.Document >= 0
            && slots[slot.Index + 1].Document == slot.Item.Document ? tokens[slot.Index + 1] : X), labels);
        var (plain, padded) = (new int[lengths.Length + 1], new int[lengths.Length + 1]);
        layout.WriteCuSeqLens(plain);
        layout.WritePaddedCuSeqLens(padded);
        for (var document = 0; document < lengths.Length; document++)
        {
            Assert.Equal(lengths.Take(document).Sum(), plain[document]);
            if (lengths[document] > 0)
                Assert.Equal(slots.FindIndex(slot => slot.Document == document), padded[document]);
        }
        Assert.Equal([lengths.Sum(), slots.Count], [plain[^1], padded[^1]]);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Refused.OutOfRange("lengths[1]", () => new PackLayout([1, -1]).SlotCount);
        Refused.OutOfRange("alignment", () => new PackLayout([1], 0).SlotCount);
        Refused.OutOfRange("rowMultiple", () => new PackLayout([1], 1, 0).SlotCount);
        Assert.Throws<OverflowException>(() => new PackLayout([int.MaxValue, 1]).SlotCount);
        Refused.Wrong("tokens", () => new PackLayout([2]).WriteTokens([1], new int[2], 0), "1 elements, not 2");
        Refused.Wrong("slots", () => new PackLayout([2]).WriteTokens([1, 2], new int[3], 0), "3 elements, not 2");
        Refused.Wrong("labels", () => new PackLayout([2]).WriteLabels([1, 2], new int[3]));
        Refused.Wrong("slots", () => new PackLayout([2]).WriteLabels([1, 2, 3], new int[2]));
        Refused.Wrong("positions", () => new PackLayout([2]).WritePositionIds(new int[3]));
        Refused.Wrong("segments", () => new PackLayout([2]).WriteSegmentIds(new int[3]));
        Refused.Wrong("offsets", () => new PackLayout([2]).WriteCuSeqLens(new int[1]), "1 documents have 2 offsets, not 1");
        Refused.Wrong("weights", () => new PackLayout([2]).WriteLabelMask(new float[3]));
        Refused.Wrong("weights", () => new PackLayout([2]).NormalizeLossWeights(new float[3]));
        Refused.Wrong("weights", () => new PackLayout([2]).WriteLossWeights([1, 1], new float[3]));
    }
}
