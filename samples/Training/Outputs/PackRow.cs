namespace PackingKit.Samples.Training;

/// <summary>A pack that becomes a row: its documents' tokens, and how they lie.</summary>
internal readonly ref struct PackRow
{
    public PackRow(ReadOnlySpan<int> lengths, RowSettings settings)
    {
        Lengths = lengths;
        Settings = settings;
        Layout = new PackLayout(lengths, settings.Rules.Alignment, settings.PackAlign);
    }

    public ReadOnlySpan<int> Lengths { get; }

    public RowSettings Settings { get; }

    public PackLayout Layout { get; }

    /// <summary>Number of each piece's document in the input.</summary>
    public ReadOnlySpan<int> Documents { get; init; }

    /// <summary>Tokens of the documents, one after the other.</summary>
    public ReadOnlySpan<int> Tokens { get; init; }

    /// <summary>Their weights; 1 where the input has none.</summary>
    public ReadOnlySpan<float> Weights { get; init; }
}

/// <summary>What all rows have in common.</summary>
/// <param name="Rules">How documents were cut.</param>
/// <param name="PackAlign">Slots of a row are a multiple of this.</param>
/// <param name="Padding">The token in slots without one.</param>
/// <param name="Weighting">What labels count.</param>
/// <param name="DocumentScale">What a document's weights sum to.</param>
/// <param name="CuCount">Entries of cu_seqlens, where fixed.</param>
internal sealed record RowSettings(
    PieceRules Rules, int PackAlign, int Padding, LossWeighting Weighting, double DocumentScale, int? CuCount);
