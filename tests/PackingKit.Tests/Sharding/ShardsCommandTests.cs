using PackingKit.Samples.Training;
using Xunit;

namespace PackingKit.Tests.Sharding;

public sealed class ShardsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packingkit-shards-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Shards_of_files_are_dealt_as_one_process_deals()
    {
        var lengths = RandomSizes.LogNormal(3000, 400, 1, 1, 2048, seed: 1);
        var parts = lengths.Chunk(1100).ToArray();
        for (var shard = 0; shard < parts.Length; shard++)
        {
            if (shard == 0)
                File.WriteAllLines(PathOf("0.txt"), parts[0].Select(length => $"{length}"));
            else
                using (var stream = File.Create(PathOf($"{shard}.npy")))
                    Npy.Write<int>(stream, parts[shard]);
            Assert.Equal((0, ""), Run("histogram", PathOf(LengthsOf(shard)), "-o", PathOf($"{shard}.json")));
        }
        Assert.Equal((0, ""), Run("plan", PathOf("0.json"), PathOf("1.json"), PathOf("2.json"), "-c", "2048", "-o", PathOf("plan")));

        var expected = new int[lengths.Length];
        BestFitDecreasing.Assign<int>(lengths, 2048, expected);
        foreach (var shard in (int[])[2, 0, 1, 0]) // in any order, and again
        {
            Assert.Equal(
                (0, ""), Run("deal", PathOf(LengthsOf(shard)), "-p", PathOf("plan"), "--shard", $"{shard}", "-o", PathOf("packs.npy")));
            using var packs = File.OpenRead(PathOf("packs.npy"));
            Assert.Equal(expected.Skip(1100 * shard).Take(1100).Select(pack => (long)pack), Npy.Read(packs).Values);
        }
    }

    [Fact]
    public void What_cannot_be_used_is_named_and_nothing_is_written()
    {
        File.WriteAllLines(PathOf("lengths.txt"), ["3", "4", "1", "2", "4"]); // reads as a BPP file as well
        File.WriteAllLines(PathOf("other.txt"), ["3", "5"]);
        File.WriteAllText(PathOf("broken.json"), "{");
        Assert.Equal((0, ""), Run("histogram", PathOf("lengths.txt"), "-o", PathOf("0.json")));
        Assert.Equal(5, HistogramJson.Read(File.ReadAllText(PathOf("0.json"))).ItemCount);
        Assert.Equal((0, ""), Run("plan", PathOf("0.json"), "-c", "4", "-o", PathOf("plan")));

        Refused("other.txt", "deal", PathOf("other.txt"), "-p", PathOf("plan"), "--shard", "0", "-o", PathOf("packs.txt"));
        Refused("--shard 1: The plan in", "deal", PathOf("lengths.txt"), "-p", PathOf("plan"), "--shard", "1", "-o", PathOf("packs.txt"));
        Refused("missing.txt", "histogram", PathOf("missing.txt"), "-o", PathOf("packs.txt"));
        Refused("broken.json", "plan", PathOf("broken.json"), "-c", "4", "-o", PathOf("packs.txt"));
        Refused("0.json: It has documents of 4 tokens, above --capacity 3.",
            "plan", PathOf("0.json"), "-c", "3", "-o", PathOf("packs.txt"));
        Refused("'nf' is no strategy", "plan", PathOf("0.json"), "-c", "4", "-s", "nf", "-o", PathOf("packs.txt"));
        Refused("--capacity must be at least 1", "plan", PathOf("0.json"), "-c", "0", "-o", PathOf("packs.txt"));
        Assert.False(Path.Exists(PathOf("packs.txt")));
    }

    [Fact]
    public void A_shard_that_is_not_the_one_that_was_counted_is_refused()
    {
        string[][] shards = [["3", "4", "1"], ["4", "3"], ["1", "4", "3", "3"]];
        foreach (var (lengths, shard) in shards.Select((lengths, shard) => (lengths, shard)))
        {
            File.WriteAllLines(PathOf($"lengths-{shard}.txt"), lengths);
            Assert.Equal((0, ""), Run("histogram", PathOf($"lengths-{shard}.txt"), "-o", PathOf($"{shard}.json")));
        }
        Assert.Equal((0, ""), Run("plan", PathOf("0.json"), PathOf("1.json"), PathOf("2.json"), "-c", "4", "-o", PathOf("plan")));
        Refused("shard 1. The shard has 1 items of size 1; 0 were counted.",
            "deal", PathOf("lengths-0.txt"), "-p", PathOf("plan"), "--shard", "1", "-o", PathOf("packs.txt")); // the plan has room for it
        Refused("shard 2. The shard has 1 items of size 3; 2 were counted.",
            "deal", PathOf("lengths-1.txt"), "-p", PathOf("plan"), "--shard", "2", "-o", PathOf("packs.txt")); // fewer
        Refused("--shard 3: The plan in",
            "deal", PathOf("lengths-0.txt"), "-p", PathOf("plan"), "--shard", "3", "-o", PathOf("packs.txt"));
        Assert.False(Path.Exists(PathOf("packs.txt")));
    }

    [Theory, InlineData("histogram", "GROUP BY"), InlineData("offsets", "OVER"), InlineData("deal", " DIV ")]
    public void Queries_are_printed(string query, string part)
    {
        var output = new StringWriter();
        Assert.Equal(CommandLine.Success, CommandLine.Run(["sql", query, "--dialect", "spark"], output, TextWriter.Null));
        Assert.Contains(part, output.ToString(), StringComparison.Ordinal);
    }

    private void Refused(string part, params string[] args)
    {
        var (code, error) = Run(args);
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    private static (int Code, string Error) Run(params string[] args)
    {
        var error = new StringWriter();
        return (CommandLine.Run(args, TextWriter.Null, error), error.ToString());
    }

    private static string LengthsOf(int shard) => shard == 0 ? "0.txt" : $"{shard}.npy";

    private string PathOf(string name) => Path.Combine(_folder, name);
}
