namespace PackingKit.Samples.Training;

/// <summary>
/// Packing that sees only so many documents at a time, as popular training tools do: what the whole view is compared with.
/// </summary>
internal static class Windows
{
    /// <returns>The number of packs.</returns>
    public static int Pack(Piece[] pieces, int capacity, int documents, IPackingStrategy strategy)
    {
        var packs = 0;
        for (int start = 0, end; start < pieces.Length; start = end)
        {
            var window = pieces[start].Document / documents;
            for (end = start + 1; end < pieces.Length && pieces[end].Document / documents == window;)
                end++;
            var lengths = Array.ConvertAll(pieces[start..end], piece => piece.Length);
            packs += strategy.Pack(PackingProblem.Borrow(lengths, capacity)).BinCount;
        }
        return packs;
    }
}
