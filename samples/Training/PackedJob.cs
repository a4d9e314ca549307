namespace PackingKit.Samples.Training;

/// <summary>Documents that are packed, and what a target needs to write them.</summary>
/// <param name="Settings">Of the run.</param>
/// <param name="Documents">All documents.</param>
/// <param name="Store">Their tokens, where they are wanted.</param>
/// <param name="Packed">Which pieces stand in which pack as the strategy left them, and its bound.</param>
/// <param name="Index">The packs as they are written.</param>
internal sealed record PackedJob(
    PackSettings Settings, DocumentSet Documents, TokenStore? Store, PackedDocuments Packed, PackIndex Index)
{
    public RowSettings Rows { get; } = new(
        Index.Pieces.Rules, Settings.PackAlign, Settings.PaddingToken, Settings.LossWeights,
        Settings.LossWeights == LossWeighting.LongAlign ? Index.PackCount / (double)Math.Max(1, Index.Pieces.Count) : 1, Settings.CuCount);
}
