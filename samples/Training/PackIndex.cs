namespace PackingKit.Samples.Training;

/// <summary>
/// The result of packing as indices only: which pieces stand in which pack, in order. Pack p holds 
/// <c>Items[Offsets[p] .. Offsets[p + 1]]</c>.
/// </summary>
internal sealed record PackIndex(int[] Offsets, Piece[] Items)
{
    public int PackCount => Offsets.Length - 1;

    public long TokenCount => Items.Sum(piece => (long)piece.Length);

    /// <param name="packing">Of the pieces.</param>
    /// <param name="pieces">What its items stand for.</param>
    /// <param name="ranks">The number of packs becomes a multiple of this.</param>
    /// <param name="shuffleSeed">Decides the order of the packs; <see langword="null"/>: as the strategy opened them.</param>
    /// <exception cref="BadInputException">There are too few pieces for that many packs.</exception>
    public static PackIndex Of(Packing packing, Piece[] pieces, int ranks, int? shuffleSeed)
    {
        var packs = new List<Piece[]>(packing.BinCount);
        foreach (var bin in packing.Bins)
            packs.Add(Array.ConvertAll(bin.Items.ToArray(), item => pieces[item]));
        RoundUp(packs, ranks);
        var order = packs.ToArray();
        if (shuffleSeed is { } seed)
            new Random(seed).Shuffle(order);

        var offsets = new int[order.Length + 1];
        for (var pack = 0; pack < order.Length; pack++)
            offsets[pack + 1] = offsets[pack] + order[pack].Length;
        return new PackIndex(offsets, [.. order.SelectMany(pack => pack)]);
    }

    /// <summary>Halves the packs of the most pieces until every rank gets the same number: no piece is cut, and no pack grows.</summary>
    private static void RoundUp(List<Piece[]> packs, int ranks)
    {
        var missing = (ranks - packs.Count % ranks) % ranks;
        var byPieces = new PriorityQueue<int, (int, int)>();
        for (var pack = 0; pack < packs.Count && missing > 0; pack++)
            byPieces.Enqueue(pack, (-packs[pack].Length, pack));
        for (; missing > 0; missing--)
        {
            var pack = byPieces.Dequeue();
            var pieces = packs[pack];
            if (pieces.Length < 2)
                throw new BadInputException($"--ranks {ranks}: there are too few documents to give every rank as many packs.");
            packs[pack] = pieces[..(pieces.Length / 2)];
            packs.Add(pieces[(pieces.Length / 2)..]);
            byPieces.Enqueue(pack, (-packs[pack].Length, pack));
            byPieces.Enqueue(packs.Count - 1, (-packs[^1].Length, packs.Count - 1));
        }
    }
}
