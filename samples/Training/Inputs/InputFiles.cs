using System.Text.Json;

namespace PackingKit.Samples.Training;

/// <summary>What is named on the command line, as files in order.</summary>
internal static class InputFiles
{
    /// <summary>
    /// The file that comes with the sample: 19,366 prompts of a conversation service (Azure/AzurePublicDataset, CC BY 4.0).
    /// </summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "azure-conversation.csv");

    /// <summary>Patterns become the files that they match, by name; a folder of save_to_disk its files in their order.</summary>
    /// <exception cref="BadInputException">Nothing is there.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> inputs) => [.. inputs.SelectMany(Expand)];

    private static IEnumerable<string> Expand(string input)
    {
        if (input.Length == 0)
            throw new BadInputException("input: The name of the file is empty.");
        if (Directory.Exists(input))
            return OfFolder(input);
        if (!input.AsSpan().ContainsAny('*', '?'))
            return [input];
        var folder = Path.GetDirectoryName(input) is { Length: > 0 } named ? named : ".";
        string[] files = Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, Path.GetFileName(input)).Order(StringComparer.Ordinal)] : [];
        return files.Length > 0 ? files : throw new BadInputException($"{input}: There is no such file.");
    }

    private static IEnumerable<string> OfFolder(string folder)
    {
        var state = Path.Combine(folder, "state.json");
        if (!File.Exists(state))
            throw new BadInputException($"{folder}: It is a folder without state.json; name its files, such as {folder}/*.parquet.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(state));
            return [.. json.RootElement.GetProperty("_data_files").EnumerateArray()
                .Select(file => Path.Combine(folder, file.GetProperty("filename").GetString()!))];
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException or KeyNotFoundException or IOException)
        {
            throw new BadInputException($"{state}: {bad.Message}", bad);
        }
    }
}
