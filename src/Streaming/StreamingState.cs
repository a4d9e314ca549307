namespace PackingKit;

/// <summary>
/// Everything that a <see cref="StreamingPacker"/> remembers, to go on in another process; see <c>StreamingStateJson</c>.
/// </summary>
/// <param name="Options">What the packer was made with.</param>
/// <param name="Arrived">Number of items that have arrived.</param>
/// <param name="Waiting">The items that wait: number and size each, in order of arrival.</param>
/// <param name="Open">The items of the bin that is being filled: number and size each, in the order in which they were put in.</param>
public sealed record StreamingState(
    StreamingOptions Options, long Arrived, ValueList<StreamedItem> Waiting, ValueList<StreamedItem> Open);

/// <summary>An item of a stream.</summary>
/// <param name="Number">Its number in order of arrival, from 0.</param>
/// <param name="Size">Its size.</param>
public readonly record struct StreamedItem(long Number, long Size);
