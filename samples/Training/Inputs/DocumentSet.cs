namespace PackingKit.Samples.Training;

/// <summary>All documents that are packed: their lengths, and which of those that were read each is.</summary>
/// <param name="Lengths">Tokens of each, with those that frame it.</param>
/// <param name="FileStarts">The first document of each file.</param>
internal sealed record DocumentSet(ReadOnlyMemory<int> Lengths, int[] FileStarts)
{
    /// <summary>The document that was read, where some are taken several times or not at all; else each is itself.</summary>
    public int[]? Origins { get; init; }

    public int OriginOf(int document) => Origins is { } origins ? origins[document] : document;

    /// <summary>
    /// Takes the documents of each file as often as its weight says: the whole part of it, and of the rest a random share of the documents.
    /// </summary>
    /// <param name="weights">Of each file.</param>
    /// <param name="seed">Decides the share.</param>
    public DocumentSet Blend(ReadOnlySpan<double> weights, int seed)
    {
        List<int> origins = [];
        var starts = new int[FileStarts.Length];
        for (var file = 0; file < FileStarts.Length; file++)
        {
            starts[file] = origins.Count;
            var documents = Enumerable.Range(FileStarts[file],
                (file + 1 < FileStarts.Length ? FileStarts[file + 1] : Lengths.Length) - FileStarts[file]).ToArray();
            for (var time = 0; time < (int)weights[file]; time++)
                origins.AddRange(documents);
            var share = (int)Math.Round((weights[file] - Math.Floor(weights[file])) * documents.Length);
            new Random(seed + file).Shuffle(documents);
            origins.AddRange(documents.AsSpan(0, share).ToArray().Order());
        }
        var lengths = Lengths;
        return new DocumentSet(origins.ConvertAll(document => lengths.Span[document]).ToArray(), starts) { Origins = [.. origins] };
    }
}
