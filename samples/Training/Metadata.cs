using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PackingKit.Samples.Training;

/// <summary>What metadata.json says of a packed data set.</summary>
/// <param name="Format">Name of the layout.</param>
/// <param name="Version">Version of the layout.</param>
/// <param name="Fingerprint">SHA-256 over the lengths and every option that decides the result: from one version of the
/// library, and with no time limit that cuts in, equal fingerprints mean equal indices.</param>
/// <param name="Source">Name of the input file.</param>
/// <param name="Capacity">Tokens of a pack.</param>
/// <param name="Strategy">Id of the strategy.</param>
/// <param name="Documents">Documents read.</param>
/// <param name="Pieces">Pieces packed.</param>
/// <param name="Tokens">Tokens packed.</param>
/// <param name="Long">What became of documents above the capacity.</param>
/// <param name="Split">Documents cut into pieces.</param>
/// <param name="Truncated">Documents of which only the beginning is packed.</param>
/// <param name="Dropped">Documents left out for their length.</param>
/// <param name="Empty">Documents without tokens.</param>
/// <param name="LostTokens">Tokens that are in no pack.</param>
/// <param name="Packs">Number of packs.</param>
/// <param name="LowerBound">No packing of the pieces has fewer packs.</param>
/// <param name="BoundRule">The rule that proved it.</param>
/// <param name="Gap">Packs above the bound.</param>
/// <param name="Utilisation">Share of all packs' room that tokens fill.</param>
/// <param name="Ranks">The number of packs is a multiple of this.</param>
/// <param name="Arrays">Name of the folder beside the metadata that has the arrays; it comes from their content.</param>
/// <param name="ShuffleSeed">Seed of the order of the packs; absent where they stand as the strategy opened them.</param>
internal sealed record Metadata(
    string Format, int Version, string Fingerprint, string Source, int Capacity, string Strategy, int Documents, int Pieces, long Tokens,
    string Long, int Split, int Truncated, int Dropped, int Empty, long LostTokens,
    int Packs, long LowerBound, string BoundRule, long Gap, double Utilisation, int Ranks, string Arrays, int? ShuffleSeed)
{
    public static Metadata Of(TrainingSettings settings, int[] documents, Pieces pieces, PackingResult result, PackIndex index) => new(
        "packingkit-index", 2, FingerprintOf(settings, documents), Path.GetFileName(settings.Input), settings.Capacity, result.Strategy,
        documents.Length, pieces.Items.Length, index.TokenCount, NameOf(settings.Long),
        pieces.Split, pieces.Truncated, pieces.Dropped, pieces.Empty, pieces.LostTokens,
        index.PackCount, result.Bound.Bins, result.Bound.Rule, index.PackCount - result.Bound.Bins,
        index.PackCount == 0 ? 1 : index.TokenCount / ((double)index.PackCount * settings.Capacity),
        settings.Ranks, Arrays: "", settings.Shuffle);

    private static string FingerprintOf(TrainingSettings settings, int[] documents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"packingkit-index 1 capacity={settings.Capacity} strategy={settings.Strategy} time={settings.TimeLimit}"
            + $" long={NameOf(settings.Long)} ranks={settings.Ranks} shuffle={settings.Shuffle} documents={documents.Length}\n"));
        hash.AppendData(MemoryMarshal.AsBytes(documents.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string NameOf(LongRule rule) => $"{rule}".ToLowerInvariant();
}
