using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit.Samples.Training;

/// <summary>
/// The index on disk. The arrays lie in a folder that is named by their content, written beside and renamed as a whole; then the metadata,
/// which name it, are replaced by one rename; then older arrays go. So at any moment the metadata are those of a whole index, and a reader
/// that has the old arrays mapped keeps them.
/// </summary>
internal static class IndexFolder
{
    /// <summary>Start of each pack among the items, then the number of items: int64 [packs + 1].</summary>
    public const string Offsets = "bin_offsets.npy";

    /// <summary>Document of each item: int32 [items].</summary>
    public const string Indices = "item_indices.npy";

    /// <summary>First token and number of tokens of each item in its document: int32 [items, 2].</summary>
    public const string Spans = "item_spans.npy";

    public const string Metadata = "metadata.json";

    /// <summary>What is not whole yet, or of a run that was stopped.</summary>
    private const string Beside = ".writing";

    private const string ArraysPrefix = "arrays-";

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
            using var own = FolderLock.Take(folder);
            var beside = Path.Combine(folder, Beside);
            try
            {
                Remove(beside);
                Directory.CreateDirectory(beside);
                var arrays = WriteArrays(beside, index);
                WriteMetadata(beside, metadata with { Arrays = arrays });
                if (!Directory.Exists(Path.Combine(folder, arrays)))
                    Directory.Move(Path.Combine(beside, arrays), Path.Combine(folder, arrays));
                File.Move(Path.Combine(beside, Metadata), Path.Combine(folder, Metadata), overwrite: true);
                RemoveOthers(folder, arrays);
            }
            finally
            {
                Remove(beside);
            }
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"--out {folder}: {bad.Message}", bad);
        }
    }

    /// <returns>The name of their folder.</returns>
    private static string WriteArrays(string folder, PackIndex index)
    {
        var unnamed = Path.Combine(folder, "arrays");
        Directory.CreateDirectory(unnamed);
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Save(Offsets, Array.ConvertAll(index.Offsets, offset => (long)offset), index.Offsets.Length);
        Save(Indices, Array.ConvertAll(index.Items, piece => piece.Document), index.Items.Length);
        var spans = new int[2 * (long)index.Items.Length];
        for (var item = 0; item < index.Items.Length; item++)
            (spans[2 * item], spans[2 * item + 1]) = (index.Items[item].Start, index.Items[item].Length);
        Save(Spans, spans, index.Items.Length, 2);
        var name = $"{ArraysPrefix}{Convert.ToHexStringLower(content.GetHashAndReset().AsSpan(0, 8))}";
        Directory.Move(unnamed, Path.Combine(folder, name));
        return name;

        void Save<T>(string file, T[] values, params ReadOnlySpan<int> shape)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        {
            content.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
            using var stream = File.Create(Path.Combine(unnamed, file));
            Npy.Write<T>(stream, values, shape);
            stream.Flush(flushToDisk: true);
        }
    }

    private static void WriteMetadata(string folder, Metadata metadata)
    {
        using var stream = File.Create(Path.Combine(folder, Metadata));
        JsonSerializer.Serialize(stream, metadata, Json);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Older arrays, and those of version 1, which lay beside the metadata.</summary>
    private static void RemoveOthers(string folder, string arrays)
    {
        foreach (var old in Directory.GetDirectories(folder, $"{ArraysPrefix}*"))
            if (Path.GetFileName(old) != arrays)
                Remove(old);
        foreach (var file in (string[])[Offsets, Indices, Spans])
            File.Delete(Path.Combine(folder, file));
    }

    /// <summary>Where a system keeps mapped files from being removed, the next run does it.</summary>
    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
        }
    }
}
