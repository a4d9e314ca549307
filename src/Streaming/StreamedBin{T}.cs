namespace PackingKit;

/// <summary>A bin of the caller's own items that a <see cref="StreamingPacker{T}"/> has completed.</summary>
/// <typeparam name="T">The caller's item.</typeparam>
/// <param name="Items">Its items, in the order in which they were put in.</param>
/// <param name="Load">The sum of their sizes.</param>
public sealed record StreamedBin<T>(ValueList<T> Items, long Load);
