namespace PackingKit;

/// <summary>A bin that a <see cref="StreamingPacker"/> has completed.</summary>
/// <param name="Items">Its items by their numbers in order of arrival, in the order in which they were put in.</param>
/// <param name="Load">The sum of their sizes.</param>
public sealed record StreamedBin(ValueList<long> Items, long Load);
