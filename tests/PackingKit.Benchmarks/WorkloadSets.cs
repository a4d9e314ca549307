using System.Globalization;
using PackingKit.Testing;

namespace PackingKit.Benchmarks;

/// <summary>A set of lengths with the capacity it is packed at.</summary>
internal sealed record WorkloadSet(string Name, int[] Lengths, int Capacity);

/// <summary>The sets that every figure is measured on. Real ones are there where the shared data is.</summary>
internal static class WorkloadSets
{
    private const string WikipediaFile = "wikipedia_bert_histogram.csv";

    public static WorkloadSet LogNormal(int count, int capacity) =>
        new($"ln400_c{capacity}", SequenceLengths.LogNormal(count, 42, 400, 1, capacity), capacity);

    public static IEnumerable<WorkloadSet> Quick()
    {
        yield return LogNormal(100_000, 2048);
        yield return LogNormal(100_000, 8192);
        yield return LogNormal(1_000_000, 2048);
        yield return LogNormal(1_000_000, 8192);
        yield return new("uni_2048", SequenceLengths.Uniform(100_000, 7, 2048), 2048);
        yield return new("half_c8192", SequenceLengths.Normal(100_000, 44, 4096, 512, 100, 8192), 8192);
        yield return new("doc2000", SequenceLengths.Cut(SequenceLengths.LogNormal(100_000, 43, 2000, 1.5, 10_000_000), 2048), 2048);
        if (Read("openchat_v1.csv") is { } openChat)
            foreach (var capacity in (int[])[2048, 4096, 8192])
                yield return new("openchat", [.. openChat.Select(fields => (int)fields[0])], capacity);
    }

    /// <summary>Where only one pass over the memory counts.</summary>
    public static IEnumerable<WorkloadSet> Large()
    {
        yield return LogNormal(10_000_000, 2048);
        if (Wikipedia() is { } histogram)
            yield return new("wikipedia", SequenceLengths.Shuffled(histogram, 1), 512);
    }

    /// <summary>Sixteen million lengths, counted.</summary>
    public static SizeHistogram? Wikipedia() => Read(WikipediaFile) is { } counts
        ? SizeHistogram.FromCounts(counts.Select(fields => new SizeCount(fields[0], fields[1]))) : null;

    /// <summary>A hundred million lengths, 0.4 GB.</summary>
    public static IEnumerable<WorkloadSet> Huge()
    {
        yield return LogNormal(100_000_000, 2048);
    }

    /// <summary>Every file of lengths in the shared data at each capacity; what is longer is cut to it, as prompts are.</summary>
    public static IEnumerable<WorkloadSet> AllLengths(IReadOnlyList<int> capacities)
    {
        var folder = Path.Combine(SharedData.Folder ?? "", "data", "lengths");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csv") : [];
        foreach (var path in files.Where(file => Path.GetFileName(file) != WikipediaFile).Order(StringComparer.Ordinal))
        {
            var lengths = Read(Path.GetFileName(path))!.Select(fields => fields[0]).ToArray();
            foreach (var capacity in capacities)
                yield return new(
                    Path.GetFileNameWithoutExtension(path), Array.ConvertAll(lengths, length => (int)Math.Min(length, capacity)), capacity);
        }
    }

    /// <summary>The lines of numbers of a file in the shared data.</summary>
    private static IEnumerable<long[]>? Read(string file)
    {
        var path = Path.Combine(SharedData.Folder ?? "", "data", "lengths", file);
        return !File.Exists(path) ? null : File.ReadLines(path)
            .Where(line => char.IsAsciiDigit(line.FirstOrDefault()))
            .Select(line => Array.ConvertAll(line.Split(','), field => long.Parse(field, CultureInfo.InvariantCulture)));
    }
}
