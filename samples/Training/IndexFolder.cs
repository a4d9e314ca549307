using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit.Samples.Training;

/// <summary>The index on disk. The metadata are written last: where they are, the arrays are whole.</summary>
internal static class IndexFolder
{
    /// <summary>Start of each pack among the items, then the number of items: int64 [packs + 1].</summary>
    public const string Offsets = "bin_offsets.npy";

    /// <summary>Document of each item: int32 [items].</summary>
    public const string Indices = "item_indices.npy";

    /// <summary>First token and number of tokens of each item in its document: int32 [items, 2].</summary>
    public const string Spans = "item_spans.npy";

    public const string Metadata = "metadata.json";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <exception cref="BadInputException">The folder cannot be written to.</exception>
    public static void Write(string folder, PackIndex index, Metadata metadata)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.Delete(Path.Combine(folder, Metadata));
            Save(folder, Offsets, stream => Npy.Write<long>(stream, Array.ConvertAll(index.Offsets, offset => (long)offset)));
            Save(folder, Indices, stream => Npy.Write<int>(stream, Array.ConvertAll(index.Items, piece => piece.Document)));
            int[] spans = [.. index.Items.SelectMany(piece => (int[])[piece.Start, piece.Length])];
            Save(folder, Spans, stream => Npy.Write<int>(stream, spans, index.Items.Length, 2));
            Save(folder, Metadata, stream => JsonSerializer.Serialize(stream, metadata, Json));
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--out {folder}: {bad.Message}", bad);
        }
    }

    private static void Save(string folder, string name, Action<Stream> write)
    {
        using var stream = File.Create(Path.Combine(folder, name));
        write(stream);
    }
}
