using System.Text.Json;

namespace PackingKit;

/// <summary>Everything that a <see cref="StreamingPacker"/> remembers, to go on in another process.</summary>
/// <param name="Options">What the packer was made with.</param>
/// <param name="Arrived">Number of items that have arrived.</param>
/// <param name="Waiting">The items that wait: number and size each, in order of arrival.</param>
/// <param name="Open">The items of the bin that is being filled: number and size each, in the order in which they were put in.</param>
public sealed record StreamingState(
    StreamingOptions Options, long Arrived, IReadOnlyList<StreamedItem> Waiting, IReadOnlyList<StreamedItem> Open)
{
    /// <summary>The state as one line of JSON, without a line end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PackingJson.Default.StreamingState);

    /// <summary>
    /// Reads what <see cref="ToJson"/> writes. Whether it is a state that a packer can be in is checked by
    /// <see cref="StreamingPacker.Resume"/>.
    /// </summary>
    /// <exception cref="FormatException">The text is not such JSON; the message says what is wrong.</exception>
    public static StreamingState FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize(
                json, PackingJson.Default.StreamingState) ?? throw new FormatException("The text is the JSON value null.");
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            throw new FormatException(broken.Message, broken);
        }
    }
}

/// <summary>An item of a stream.</summary>
/// <param name="Number">Its number in order of arrival, from 0.</param>
/// <param name="Size">Its size.</param>
public readonly record struct StreamedItem(long Number, long Size);
