using System.Text.Json;

namespace PackingKit;

/// <summary>Streaming states as JSON, to go on in another process.</summary>
public static class StreamingStateJson
{
    /// <summary>A state as one line of JSON, without a line end.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="state"/> is <see langword="null"/>.</exception>
    public static string Write(StreamingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var document = new StreamingDocument(state.Options, state.Arrived, [.. state.Waiting], [.. state.Open]);
        return JsonSerializer.Serialize(document, PackingJson.Default.StreamingDocument);
    }

    /// <summary>
    /// Reads what <see cref="Write"/> writes. Whether it is a state that a packer can be in is checked by
    /// <see cref="StreamingPacker.Resume"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">The text is not such JSON; the message says what is wrong.</exception>
    public static StreamingState Read(string json) => PackingJson.Read(
        json, PackingJson.Default.StreamingDocument,
        document => new StreamingState(document.Options, document.Arrived, [.. document.Waiting], [.. document.Open]));
}
