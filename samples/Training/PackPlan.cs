namespace PackingKit.Samples.Training;

/// <summary>From lengths to packs, as the settings say.</summary>
internal static class PackPlan
{
    /// <returns>The packs as the strategy left them, and as they are written: a multiple of the ranks, shuffled.</returns>
    /// <exception cref="BadInputException">The documents and the settings do not go together.</exception>
    public static (PackedDocuments Packed, PackIndex Index) Make(PackSettings settings, DocumentSet documents)
    {
        try
        {
            var packed = settings.Stream ? Stream(settings, documents) : Pack(settings, documents);
            var index = packed.Index.ToMultipleOf(settings.Ranks, settings.AllowEmpty);
            return (packed, settings.Shuffle is { } seed ? index.Shuffle(seed, settings.Epoch) : index);
        }
        catch (ArgumentException bad)
        {
            throw new BadInputException(Messages.WithoutParameter(bad), bad);
        }
    }

    private static PackedDocuments Stream(PackSettings settings, DocumentSet documents)
    {
        var lookahead = OutputTargets.Named(settings.To).Lookahead;
        var index = ContinuousStream.Cut(documents.Lengths, settings.Capacity, settings.Overlap ?? lookahead, lookahead);
        return new PackedDocuments(
            index, new LowerBound(LowerBounds.L1(index.Pieces.ToProblem().Histogram, settings.Capacity), BoundRule.L1), TimeSpan.Zero);
    }

    private static PackedDocuments Pack(PackSettings settings, DocumentSet documents)
    {
        var rules = Rules(settings);
        if (MemoryNeed.Refusal(DocumentPieces.CountPieces(documents.Lengths.Span, rules), PackJob.BytesPerDocument) is { } refusal)
            throw new BadInputException(refusal);
        var pieces = DocumentPieces.Cut(documents.Lengths, rules);
        if (settings.Pool is { } pool)
            return PooledPacking.Pack(pieces, pool, settings.MaxDocuments);
        var limit = settings.TimeLimit is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return DocumentPacker.Pack(
            pieces, PackingStrategies.Create(settings.Strategy, new SearchOptions { TimeLimit = limit }),
            new DocumentPackingOptions
            {
                MaxPieces = settings.MaxDocuments ?? BinLimits.Unlimited,
                Groups = settings.ByFile ? [.. documents.FileStarts]
                    : settings.Window is { } window ? [.. Windows.Starts(documents.Lengths.Length, window)] : [],
                Seed = settings.Shuffle,
                Epoch = settings.Epoch,
            });
    }

    private static PieceRules Rules(PackSettings settings)
    {
        var rules = new PieceRules(settings.Capacity)
        {
            Long = settings.Long,
            MinFragment = settings.MinFragment,
            Alignment = settings.Align,
            Lookahead = OutputTargets.Named(settings.To).Lookahead,
        };
        return settings.Overlap is { } overlap ? rules with { Overlap = overlap } : rules;
    }
}
