using FsCheck;
using FsCheck.Fluent;

namespace PackingKit.Tests.Documents;

/// <summary>Documents and rules that go together; printed in full where a property fails.</summary>
public sealed record DocumentCase(int[] Lengths, PieceRules Rules)
{
    public DocumentPieces Cut() => DocumentPieces.Cut(Lengths, Rules);

    public override string ToString() => $"[{string.Join(", ", Lengths)}] by {Rules}";
}

/// <summary>What FsCheck draws document cases from.</summary>
public static class DocumentCases
{
    public static Arbitrary<DocumentCase> Cases() => Arb.From(Drawn(), Shrink);

    private static Gen<DocumentCase> Drawn() => Gen.Sized(size =>
        from random in Gen.Choose(0, int.MaxValue).Select(seed => new Random(seed))
        from count in Gen.Choose(0, size)
        select Draw(random, count));

    private static DocumentCase Draw(Random random, int count)
    {
        var capacity = random.Next(1, 40);
        var lookahead = random.Next(4) == 0 ? 1 : 0;
        var rules = new PieceRules(capacity)
        {
            Long = (LongDocuments)random.Next(4), // not Refuse, which has a test of its own
            Alignment = random.Next(3) == 0 ? random.Next(1, capacity + 1) : 1,
            Lookahead = lookahead,
            Overlap = 0,
        };
        rules = rules with
        {
            Overlap = random.Next(lookahead, rules.MaxLength),
            MinFragment = random.Next(1, (rules.MaxLength + 1) / 2 + 1),
        };
        int[] lengths = [.. Enumerable.Range(0, count).Select(_ => random.Next(random.Next(2) == 0 ? capacity + 1 : 5 * capacity))];
        return new DocumentCase(lengths, rules);
    }

    private static IEnumerable<DocumentCase> Shrink(DocumentCase drawn)
    {
        for (var i = 0; i < drawn.Lengths.Length; i++)
            yield return drawn with { Lengths = [.. drawn.Lengths[..i], .. drawn.Lengths[(i + 1)..]] };
        for (var i = 0; i < drawn.Lengths.Length; i++)
            if (drawn.Lengths[i] > 0)
                yield return drawn with { Lengths = [.. drawn.Lengths[..i], drawn.Lengths[i] - 1, .. drawn.Lengths[(i + 1)..]] };
        if (drawn.Rules.MinFragment > 1)
            yield return drawn with { Rules = drawn.Rules with { MinFragment = 1 } };
        if (drawn.Rules.Overlap > drawn.Rules.Lookahead)
            yield return drawn with { Rules = drawn.Rules with { Overlap = drawn.Rules.Lookahead } };
    }
}
