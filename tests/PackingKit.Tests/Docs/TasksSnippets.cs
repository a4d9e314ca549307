using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Today's code of docs/tasks.md, the tasks without tensors.</summary>
public class TasksSnippets
{
    [Fact]
    public void Which_strategy()
    {
        var problem = PackingProblem.Create([41, 34, 25, 40, 33, 27], 100);
        #region tasks: 1
        var table = StrategyComparison.Run(PackingStrategies.All.Select(info => info.Create()), [problem]).ToMarkdown();
        #endregion
        Assert.All(PackingStrategies.Ids, id => Assert.Contains($"| {id} | 1 |", table, StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_and_fill()
    {
        int[] lengths = [1200, 700, 600, 400, 90];
        #region tasks: 2
        var result = new BestFitDecreasing().Pack(PackingProblem.Create(lengths, 2048));
        int[][] rows = [.. result.Packing.Bins.Select(bin => bin.ToArray())];
        var fill = result.Fill;
        #endregion
        Assert.Equal([[0, 1, 4], [2, 3]], rows);
        Assert.Equal(lengths.Sum() / (2 * 2048.0), fill);
    }

    [Fact]
    public void A_packer_of_ones_own()
    {
        #region tasks: 3
        foreach (var rule in StrategyContract.Rules)
            StrategyContract.Check(rule, new MyPacker());
        #endregion
        Assert.NotEmpty(StrategyContract.Rules);
    }

    [Fact]
    public void Training_documents()
    {
        int[] documents = [5000, 300, 700, 2048];
        #region tasks: 4
        var rules = new PieceRules(2048) { Long = LongDocuments.Split };
        var index = DocumentPacker.Pack(DocumentPieces.Cut(documents, rules), new BestFitDecreasing()).Index;
        var packs = Enumerable.Range(0, index.PackCount).Select(index.PiecesOf);
        #endregion
        Assert.Equal(documents.Sum() + 2, packs.Sum(pack => pack.Sum(piece => piece.Length))); // two cuts, each with an overlap of one
    }

    private sealed class MyPacker : IPackingStrategy
    {
        public string Id => "mine";

        public PackingResult Pack(
            PackingProblem problem, IProgress<PackingProgress>? progress, CancellationToken cancellationToken = default) =>
            new BestFit().Pack(problem, progress, cancellationToken) with { Strategy = Id };
    }
}
