using System.Runtime.InteropServices;

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
        var packs = new List<Pack>(packing.BinCount);
        foreach (var bin in packing.Bins)
            packs.Add(new Pack(packs.Count, 0, bin.Items.Length));
        RoundUp(packs, ranks);
        var order = CollectionsMarshal.AsSpan(packs);
        if (shuffleSeed is { } seed)
            new Random(seed).Shuffle(order);

        var offsets = new int[order.Length + 1];
        var items = new Piece[pieces.Length];
        for (var pack = 0; pack < order.Length; pack++)
        {
            var (bin, start, count) = order[pack];
            offsets[pack + 1] = offsets[pack] + count;
            var next = offsets[pack];
            foreach (var item in packing.Bins[bin].Items.Slice(start, count))
                items[next++] = pieces[item];
        }
        return new PackIndex(offsets, items);
    }

    /// <summary>Halves the packs of the most pieces until every rank gets the same number: no piece is cut, and no pack grows.</summary>
    private static void RoundUp(List<Pack> packs, int ranks)
    {
        var missing = (ranks - packs.Count % ranks) % ranks;
        var byPieces = new PriorityQueue<int, (int, int)>();
        for (var pack = 0; pack < packs.Count && missing > 0; pack++)
            byPieces.Enqueue(pack, (-packs[pack].Count, pack));
        for (; missing > 0; missing--)
        {
            if (!byPieces.TryDequeue(out var pack, out _) || packs[pack].Count < 2)
                throw new BadInputException($"--ranks {ranks}: there are too few documents to give every rank as many packs.");
            var (bin, start, count) = packs[pack];
            packs[pack] = new Pack(bin, start, count / 2);
            packs.Add(new Pack(bin, start + count / 2, count - count / 2));
            byPieces.Enqueue(pack, (-packs[pack].Count, pack));
            byPieces.Enqueue(packs.Count - 1, (-packs[^1].Count, packs.Count - 1));
        }
    }

    /// <summary>Consecutive items of a bin.</summary>
    private readonly record struct Pack(int Bin, int Start, int Count);
}
