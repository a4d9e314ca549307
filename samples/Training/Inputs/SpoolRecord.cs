using System.Text.Json;

namespace PackingKit.Samples.Training;

/// <summary>Says that the scratch files are whole, so that a run can go on with them.</summary>
/// <param name="Starts">The first document of each input.</param>
/// <param name="Blocks">Checksums of each scratch file, by its name.</param>
internal sealed record SpoolRecord(int[] Starts, Dictionary<string, string[]> Blocks)
{
    public const string Tokens = "tokens.i32", Weights = "weights.f32", Lengths = "lengths.i32";

    private const string Name = "documents.json";

    /// <returns><see langword="null"/> where there are no such files, or one is not as it was written.</returns>
    public static SpoolRecord? Read(JobFolder folder)
    {
        if (!folder.Has(Name))
            return null;
        try
        {
            var record = JsonSerializer.Deserialize<SpoolRecord>(File.ReadAllBytes(folder.PathOf(Name)))!;
            return record.Blocks.All(file => Checksums.Blocks(folder.PathOf(file.Key)).SequenceEqual(file.Value)) ? record : null;
        }
        catch (Exception bad) when (bad is JsonException or IOException)
        {
            return null;
        }
    }

    public void Write(JobFolder folder) => folder.WriteWhole(Name, stream => JsonSerializer.Serialize(stream, this));
}
