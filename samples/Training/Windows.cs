namespace PackingKit.Samples.Training;

/// <summary>
/// Packing that sees only so many documents at a time, as popular training tools do: what the whole view is compared with.
/// </summary>
internal static class Windows
{
    /// <summary>Rows that data pipelines hand to a packing function at once.</summary>
    public const int Usual = 1000;

    /// <summary>Packs by best-fit decreasing and by first-fit that see so many documents as is usual.</summary>
    public static (int BestFitDecreasing, int FirstFit) Pack(DocumentPieces pieces) =>
        (Pack(pieces, Usual, new BestFitDecreasing()), Pack(pieces, Usual, new FirstFit()));

    /// <returns>The number of packs.</returns>
    public static int Pack(DocumentPieces pieces, int documents, IPackingStrategy strategy)
    {
        var options = new DocumentPackingOptions { Groups = [.. Starts(pieces.Documents.Length, documents)] };
        return DocumentPacker.Pack(pieces, strategy, options).Index.PackCount;
    }

    /// <summary>The first document of each window.</summary>
    public static int[] Starts(int documents, int window) =>
        [0, .. Enumerable.Range(1, Math.Max(0, (documents - 1) / window)).Select(i => i * window)];
}
