namespace PackingKit;

/// <summary>Which pieces of which documents stand in which pack, in order: the result of packing, without a token.</summary>
/// <remarks>Immutable and thread-safe. 4 bytes a piece and 4 a pack beyond <see cref="Pieces"/>.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PackIndex
{
    /// <summary>An index of packed pieces. O(1).</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="packing">The pack of each; its items are the pieces by number.</param>
    /// <exception cref="ArgumentException">There are more or fewer items than pieces.</exception>
    public PackIndex(DocumentPieces pieces, Packing packing)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentNullException.ThrowIfNull(packing);
        if (packing.ItemCount != pieces.Count)
            throw new ArgumentException($"The packing is of {packing.ItemCount} items, not of {pieces.Count} pieces.", nameof(packing));
        (Pieces, Packing) = (pieces, packing);
    }

    /// <summary>The pieces.</summary>
    public DocumentPieces Pieces { get; }

    /// <summary>The numbers of the pieces by pack.</summary>
    public Packing Packing { get; }

    /// <summary>Number of packs.</summary>
    public int PackCount => Packing.BinCount;

    /// <summary>Share of the slots of all packs that tokens fill, from 0 to 1; 1 where there are no packs.</summary>
    public double Fill => PackCount == 0 ? 1
        : (Pieces.TokenCount - ((double)Pieces.Rules.Lookahead * Pieces.Count)) / ((double)PackCount * Pieces.Rules.Capacity);

    /// <summary>Numbers of the pieces in a pack, in their order in it.</summary>
    /// <param name="pack">From 0 to <see cref="PackCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pack"/> is outside that range.</exception>
    public ReadOnlySpan<int> this[int pack] => Packing[pack].Items;

    /// <summary>A pack's pieces themselves. O(pieces of the pack).</summary>
    /// <param name="pack">From 0 to <see cref="PackCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pack"/> is outside that range.</exception>
    public Piece[] PiecesOf(int pack)
    {
        var numbers = this[pack];
        var pieces = new Piece[numbers.Length];
        Pieces.CopyTo(numbers, pieces);
        return pieces;
    }

    /// <summary>
    /// The index with a number of packs that is a multiple of <paramref name="ranks"/>, so that each rank of data-parallel training gets
    /// equally many: packs of the most pieces are halved, the first of equal ones first. No piece is cut and no pack grows; at most
    /// <paramref name="ranks"/> - 1 packs are added. O(packs + ranks log packs).
    /// </summary>
    /// <param name="ranks">At least 1.</param>
    /// <param name="allowEmpty">Whether empty packs stand at the end where there are too few pieces; else that is refused.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ranks"/> is below 1.</exception>
    /// <exception cref="ArgumentException">There are too few pieces, and empty packs are not allowed.</exception>
    public PackIndex ToMultipleOf(int ranks, bool allowEmpty = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        var missing = (int)(((-(long)PackCount % ranks) + ranks) % ranks);
        if (missing == 0)
            return this;
        var fullest = new PriorityQueue<(int Start, int End), (int, int)>();
        for (var pack = 0; pack < PackCount; pack++)
            Enqueue(Packing.BinOffsets[pack], Packing.BinOffsets[pack + 1]);
        List<int> cuts = [];
        while (cuts.Count < missing && fullest.TryDequeue(out var pack, out _) && pack.End - pack.Start > 1)
        {
            var middle = pack.Start + ((pack.End - pack.Start) / 2);
            cuts.Add(middle);
            Enqueue(pack.Start, middle);
            Enqueue(middle, pack.End);
        }
        if (cuts.Count < missing && !allowEmpty)
            throw new ArgumentException(
                $"There are too few pieces, {Pieces.Count}, to give each of {ranks} ranks equally many packs.", nameof(ranks));
        int[] offsets =
            [.. Packing.BinOffsets.ToArray().Concat(cuts).Order(), .. Enumerable.Repeat(Pieces.Count, missing - cuts.Count)];
        return new PackIndex(Pieces, Packing.Trusted(offsets, Packing.ItemIndices.ToArray()));

        void Enqueue(int start, int end) => fullest.Enqueue((start, end), (start - end, start));
    }

    /// <summary>
    /// The same packs in another order, because strategies leave them by the length of their longest document, which training should not
    /// see. O(pieces).
    /// </summary>
    /// <param name="seed">Decides the order.</param>
    /// <param name="epoch">Decides it as well: each pass over the data has its own.</param>
    public PackIndex Shuffle(long seed, int epoch = 0)
    {
        var order = EpochRandom.Permutation(PackCount, seed, epoch, EpochRandom.Packs);
        var offsets = new int[PackCount + 1];
        var items = new int[Pieces.Count];
        for (var pack = 0; pack < order.Length; pack++)
        {
            var from = this[order[pack]];
            from.CopyTo(items.AsSpan(offsets[pack]));
            offsets[pack + 1] = offsets[pack] + from.Length;
        }
        return new PackIndex(Pieces, Packing.Trusted(offsets, items));
    }

    /// <summary>"1024 packs of 5210 pieces".</summary>
    public override string ToString() => $"{Plural.Of(PackCount, "pack")} of {Plural.Of(Pieces.Count, "piece")}";
}
