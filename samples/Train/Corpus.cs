using Microsoft.ML.Tokenizers;

namespace PackingKit.Samples.Train;

/// <summary>Documents as token IDs.</summary>
/// <param name="Documents">The tokens of each.</param>
/// <param name="Vocabulary">Token IDs are below this.</param>
internal sealed record Corpus(int[][] Documents, int Vocabulary)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Text");

    /// <summary>Most of Shakespeare's Coriolanus, speech by speech, by a tokenizer that was made from it.</summary>
    public static Corpus Coriolanus()
    {
        var tokenizer = Tokenizer();
        var end = tokenizer.Vocabulary["<|end|>"];
        var documents = Array.ConvertAll(Speeches(), speech => (int[])[.. tokenizer.EncodeToIds(speech), end]);
        return new Corpus(documents, tokenizer.Vocabulary.Count);
    }

    /// <summary>The text's own tokenizer, byte by byte at worst.</summary>
    public static BpeTokenizer Tokenizer() => BpeTokenizer.Create(
        new BpeOptions(Path.Combine(Folder, "vocab.json"), Path.Combine(Folder, "merges.txt"))
        {
            ByteLevel = true,
            PreTokenizer = RobertaPreTokenizer.Instance, // without one, white space is lost
        });

    /// <summary>The text, speech by speech.</summary>
    public static string[] Speeches() =>
        File.ReadAllText(Path.Combine(Folder, "coriolanus.txt")).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Random tokens in documents that fill rows without a gap, at random cuts: what a yardstick in another language can make too.
    /// </summary>
    /// <param name="rows">Rows of a step.</param>
    /// <param name="length">Tokens of a row.</param>
    /// <param name="perRow">Documents of a row.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="vocabulary">Token IDs are below this.</param>
    public static Corpus Random(int rows, int length, int perRow, int steps, int vocabulary)
    {
        var random = new Random(0);
        var documents = new List<int[]>();
        for (var row = 0; row < rows * steps; row++)
        {
            var cuts = new SortedSet<int> { length };
            while (cuts.Count < perRow)
                cuts.Add(random.Next(1, length));
            var start = 0;
            foreach (var cut in cuts)
            {
                documents.Add([.. Enumerable.Range(0, cut - start).Select(_ => random.Next(vocabulary))]);
                start = cut;
            }
        }
        return new Corpus([.. documents], vocabulary);
    }
}
