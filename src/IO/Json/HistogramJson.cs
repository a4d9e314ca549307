using System.Text.Json;

namespace PackingKit;

/// <summary>Histograms as JSON: shards count on their own, and one place reads what they wrote.</summary>
/// <remarks>
/// One object: <c>format</c> ("packingkit-histogram"), <c>version</c> (1) and <c>histogram</c> (pairs of size and count, sizes decreasing).
/// Its length depends on the distinct sizes, not on the number of items.
/// </remarks>
public static class HistogramJson
{
    private const string Format = "packingkit-histogram";
    private const int Version = 1;

    /// <summary>A histogram as one line of JSON, without a line end.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="histogram"/> is <see langword="null"/>.</exception>
    public static string Write(SizeHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var document = new HistogramDocument(Format, Version, PackingJson.Pairs(histogram));
        return JsonSerializer.Serialize(document, PackingJson.Default.HistogramDocument);
    }

    /// <summary>Reads what <see cref="Write"/> writes, and checks it in full.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">The text is not such JSON, or no histogram; the message says what is wrong.</exception>
    public static SizeHistogram Read(string json) => PackingJson.Read(json, PackingJson.Default.HistogramDocument, document =>
    {
        PackingJson.Expect(Format, Version, document.Format, document.Version);
        return PackingJson.Histogram(document.Histogram);
    });
}
