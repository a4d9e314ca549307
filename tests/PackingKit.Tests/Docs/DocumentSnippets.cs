using Xunit;

namespace PackingKit.Tests;

/// <summary>The examples of docs/training.md that need the core alone.</summary>
public class DocumentSnippets
{
    [Fact]
    public void Documents_become_packs()
    {
        int[] documents = [5000, 300, 700, 2048];
        const int ranks = 2;
        #region training: packs
        var rules = new PieceRules(2048) { Long = LongDocuments.Split };
        var options = new DocumentPackingOptions { Seed = 1, Epoch = 3 };
        var packed = DocumentPacker.Pack(DocumentPieces.Cut(documents, rules), new BestFitDecreasing(), options);
        var index = packed.Index.ToMultipleOf(ranks).Shuffle(seed: 1, epoch: 3);
        if (PackConservation.FindFault(index) is { } fault)
            throw new InvalidOperationException(fault);
        foreach (var piece in index[0])
            Console.WriteLine(index.Pieces[piece]); // document, first token, tokens
        #endregion
        Assert.Equal((4, 2), (index.PackCount, index.Pieces.RepeatedTokens));
    }
}
