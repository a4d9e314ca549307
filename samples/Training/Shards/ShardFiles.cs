using System.Globalization;

namespace PackingKit.Samples.Training;

/// <summary>The files that go between the verbs: read with their name in every message, written whole or not at all.</summary>
internal static class ShardFiles
{
    public const string Plan = "plan.json", Offsets = "offsets.csv", Runs = "runs.csv";

    /// <summary>The histogram of the documents before a shard; behind the last shard, that of all.</summary>
    public static string Before(int shard) => string.Create(CultureInfo.InvariantCulture, $"before-{shard}.json");

    /// <summary>Lengths from a .npy array of whole numbers, or from text with one on each line.</summary>
    public static long[] ReadLengths(string path) => Read(path, () =>
    {
        using var stream = File.OpenRead(path);
        if (Path.GetExtension(path) == ".npy")
            return Npy.Read(stream).Values;
        using var reader = new StreamReader(stream);
        return SizeReader.Read(reader, SizeFormat.Sizes).Sizes.ToArray();
    });

    public static SizeHistogram ReadHistogram(string path) => Read(path, () => HistogramJson.Read(File.ReadAllText(path)));

    public static PackingPlan ReadPlan(string path) => Read(path, () => PlanJson.Read(File.ReadAllText(path)));

    /// <summary>Writes beside the place of the file and moves it there at the end.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var unfinished = path + ".unfinished";
        try
        {
            using (var stream = File.Create(unfinished))
                write(stream);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"{path}: {bad.Message}", bad);
        }
    }

    public static void WriteText(string path, string text) => WriteLines(path, [text]);

    public static void WriteLines(string path, IEnumerable<string> lines) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream) { NewLine = "\n" };
        foreach (var line in lines)
            writer.WriteLine(line);
    });

    private static T Read<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            throw new BadInputException($"{path}: {Messages.OfFile(path, bad)}", bad);
        }
    }
}
