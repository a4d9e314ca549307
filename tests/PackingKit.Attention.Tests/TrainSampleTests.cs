using PackingKit.Samples.Models;
using PackingKit.Samples.Train;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>samples/Train: a pack teaches what its documents teach one by one, and something is learned at all.</summary>
public class TrainSampleTests
{
    private static readonly string[] Ways = ["packed", "one-by-one"];

    private static TrainSettings Settings(Corpus corpus, int tokens, int steps) =>
        new(corpus, tokens, steps, new LlamaShape(32, 2, 2, 1, 64, corpus.Vocabulary), "cpu", 0.003, Ways, 1, "");

    [Fact]
    public void Packed_and_one_by_one_give_the_same_losses_and_they_fall()
    {
        TorchRuntime.EnsureLoaded();
        var settings = Settings(Corpus.Coriolanus(), 2048, 6);
        var runs = Array.ConvertAll(Ways, way => Trainer.Run(settings, way, (_, _, _) => { }));
        for (var step = 0; step < settings.Steps; step++)
            Assert.Equal(runs[0].Losses[step], runs[1].Losses[step], tolerance: 1e-4f);
        Assert.True(runs[0].Losses[^1] < runs[0].Losses[0] - 0.1, $"{runs[0].Losses[0]} to {runs[0].Losses[^1]}");
    }

    [Fact]
    public void Every_document_is_in_one_pack_of_an_epoch()
    {
        var corpus = Corpus.Coriolanus();
        Assert.True(corpus.Documents.Length > 1000 && corpus.Documents.All(document => document.All(id => id < corpus.Vocabulary)));
        var problem = PackingProblem.Create([.. corpus.Documents.Select(document => document.Length)], 2048);
        var packs = Trainer.Packs(Settings(corpus, 2048, steps: new BestFitDecreasing().Pack(problem).BinCount));
        Assert.All(packs, pack => Assert.InRange(pack.Sum(document => corpus.Documents[document].Length), 1, 2048));
        Assert.Equal(Enumerable.Range(0, corpus.Documents.Length), packs.SelectMany(pack => pack).Order());
    }

    [Fact]
    public void Documents_are_the_text_with_its_white_space()
    {
        var (tokenizer, speeches) = (Corpus.Tokenizer(), Corpus.Speeches());
        var documents = Corpus.Coriolanus().Documents;
        for (var i = 0; i < speeches.Length; i++)
            Assert.Equal(speeches[i], tokenizer.Decode(documents[i][..^1]));
    }

    [Fact]
    public void Random_documents_fill_the_rows_of_every_step()
    {
        var packs = Trainer.Packs(Settings(Corpus.Random(rows: 3, length: 100, perRow: 4, steps: 5, vocabulary: 9), 300, 5));
        Assert.Equal(Enumerable.Range(0, 5).Select(step => Enumerable.Range(12 * step, 12).ToArray()), packs);
    }
}
