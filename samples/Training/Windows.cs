namespace PackingKit.Samples.Training;

/// <summary>
/// Packing that sees only so many documents at a time, as popular training tools do: what the whole view is compared with.
/// </summary>
internal static class Windows
{
    /// <summary>Rows that data pipelines hand to a packing function at once.</summary>
    public const int Usual = 1000;

    /// <summary>Packs by best-fit decreasing and by first-fit that see so many documents as is usual.</summary>
    public static (int BestFitDecreasing, int FirstFit) Pack(Piece[] pieces, int capacity) =>
        (Pack(pieces, capacity, Usual, new BestFitDecreasing()), Pack(pieces, capacity, Usual, new FirstFit()));

    /// <returns>The number of packs.</returns>
    public static int Pack(Piece[] pieces, int capacity, int documents, IPackingStrategy strategy)
    {
        var packs = 0;
        for (int start = 0, end; start < pieces.Length; start = end)
        {
            var window = pieces[start].Document / documents;
            for (end = start + 1; end < pieces.Length && pieces[end].Document / documents == window;)
                end++;
            var lengths = new int[end - start];
            for (var piece = start; piece < end; piece++)
                lengths[piece - start] = pieces[piece].Length;
            packs += strategy.Pack(PackingProblem.Borrow(lengths, capacity)).BinCount;
        }
        return packs;
    }
}
