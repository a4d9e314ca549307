namespace PackingKit;

/// <summary>Packed documents, and how good the packing is.</summary>
/// <param name="Index">Which pieces stand in which pack.</param>
/// <param name="Bound">
/// No packing of these pieces in these groups has fewer packs; where there are several groups, the sum of theirs, with the rule of the
/// first.
/// </param>
/// <param name="Elapsed">Time that packing and bounding took.</param>
public sealed record PackedDocuments(PackIndex Index, LowerBound Bound, TimeSpan Elapsed);
