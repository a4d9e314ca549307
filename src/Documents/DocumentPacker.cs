namespace PackingKit;

/// <summary>Packs the pieces of documents, all of them at once or group by group.</summary>
public static class DocumentPacker
{
    /// <summary>Packs the pieces. Time and memory of the strategy, and 8 bytes a piece where there is a seed.</summary>
    /// <param name="pieces">What is packed.</param>
    /// <param name="strategy">How.</param>
    /// <param name="options">Groups, seed, item limit; by default there are none.</param>
    /// <param name="cancellationToken">Stops the strategy.</param>
    /// <exception cref="ArgumentException">The groups do not start with document 0, do not rise, or go beyond the documents.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PackedDocuments Pack(
        DocumentPieces pieces, IPackingStrategy strategy, DocumentPackingOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentNullException.ThrowIfNull(strategy);
        options ??= new DocumentPackingOptions();
        int[] groups = options.Groups.Count == 0 ? [0] : [.. options.Groups];
        Check(groups, pieces.Documents.Length);
        List<PackingResult> results = [];
        List<int[]?> orders = [];
        var limits = new BinLimits(pieces.Rules.Capacity, options.MaxPieces);
        for (var group = 0; group < groups.Length; group++)
        {
            var end = group + 1 < groups.Length ? pieces.FirstPieceFrom(groups[group + 1]) : pieces.Count;
            var slots = pieces.SlotsOf(pieces.FirstPieceFrom(groups[group])..end);
            var order = options.Seed is { } seed
                ? EpochRandom.Permutation(slots.Length, seed + group, options.Epoch, EpochRandom.Pieces) : null;
            if (order is not null)
                slots = Array.ConvertAll(order, piece => slots.Span[piece]);
            results.Add(strategy.Pack(PackingProblem.Borrow(slots, limits), cancellationToken: cancellationToken));
            orders.Add(order);
        }
        var packing = results is [var only] && orders[0] is null ? only.Packing : Join(results, orders, pieces.Count);
        return new PackedDocuments(
            new PackIndex(pieces, packing),
            results is [var one] ? one.Bound : new LowerBound(results.Sum(result => result.Bound.Bins), results[0].Bound.Rule),
            results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Elapsed));
    }

    private static Packing Join(List<PackingResult> results, List<int[]?> orders, int count)
    {
        var offsets = new int[results.Sum(result => result.BinCount) + 1];
        var items = new int[count];
        int bin = 0, start = 0;
        for (var group = 0; group < results.Count; group++)
        {
            var packing = results[group].Packing;
            for (var item = 0; item < packing.ItemCount; item++)
                items[start + item] = start + (orders[group] is { } order ? order[packing.ItemIndices[item]] : packing.ItemIndices[item]);
            foreach (var offset in packing.BinOffsets[1..])
                offsets[++bin] = start + offset;
            start += packing.ItemCount;
        }
        return Packing.Trusted(offsets, items);
    }

    private static void Check(ReadOnlySpan<int> groups, int documents)
    {
        if (groups[0] != 0)
            throw new ArgumentException($"The first group starts with document {groups[0]}, not 0.", nameof(groups));
        for (var group = 1; group < groups.Length; group++)
            if (groups[group] < groups[group - 1] || groups[group] > documents)
                throw new ArgumentException(
                    $"Group {group} starts with document {groups[group]}, outside {groups[group - 1]}..{documents}.", nameof(groups));
    }
}
