using System.Text;
using PackingKit.Samples.Training;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests.IO;

/// <summary>Whatever a parser is given, it gives what can be written and read again, or refuses as documented.</summary>
public class FuzzTests
{
    /// <summary>Items up to which a list is made a problem: a histogram may stand for any number, which then take what they need.</summary>
    private const int MaxItems = 1 << 18;

    private static readonly Dictionary<string, (Action<byte[]> Parse, byte[][] Documents)> Parsers = new()
    {
        ["sizes of any layout"] = (bytes => Sizes(SizeReader.Read(Reader(bytes))), Bytes(
            "7\n8\n3\n", "# remark\n\n5\r\n12\n", "3\n10\n7\n2\n10\n", "length,count\n3,7\n4,2\n")),
        ["sizes"] = (bytes => Sizes(SizeReader.Read(Reader(bytes), SizeFormat.Sizes)), Bytes("7\n8\n3\n", "# remark\n\n5\r\n12\n")),
        ["CSV"] = (
            bytes => Sizes(SizeReader.Read(Reader(bytes), SizeFormat.Csv, "size", "count")),
            Bytes("name;size;count\na;5;2\n\"b;\"\"c\";7;1\n", "size,count\n5,1000\n")),
        ["CSV without a header"] = (
            bytes => Sizes(SizeReader.Read(Reader(bytes), SizeFormat.Csv, "2")), Bytes("a\t5\n\"b\tc\"\t7\n", "a,5\nTotal,5\nb,6\n")),
        ["histogram"] = (
            bytes => Sizes(SizeReader.Read(Reader(bytes), SizeFormat.Histogram)), Bytes("5;9\n3;2\n", "size,count\n5,9\n6,0\n")),
        ["BPPLIB"] = (bytes => Sizes(SizeReader.Read(Reader(bytes), SizeFormat.Bpp)), Bytes("3\n10\n7\n2\n10\n", "2 100 5 5\n")),
        ["decimals"] = (
            bytes => Sizes(SizeReader.ReadDecimals(Reader(bytes))), Bytes("72.5\n0.25\n", "size;count\n7,5;2\n", "2\n10.5\n7\n0.50\n")),
        ["decimals of a column"] = (
            bytes => Sizes(SizeReader.ReadDecimals(Reader(bytes), null, "size", "2")), Bytes("size;count\n7,5;2\n30;1\n")),
        ["counts"] = (
            bytes => Sizes(SizeReader.ReadCounts(Reader(bytes))), Bytes("72.5\n0.25\n", "length,count\n3,7\n4,2\n", "3\n10\n7\n2\n10\n")),
        ["sizes of .npy"] = (bytes => Sizes(SizeReader.ReadNpy(new MemoryStream(bytes))), Arrays()[1..]),
        ["counts of .npy"] = (bytes => Sizes(SizeReader.ReadNpyCounts(new PipeStream(bytes))), Arrays()[1..]),
        [".npy"] = (bytes => Npy.Read(new MemoryStream(bytes)), Arrays()),
        [".npy of a pipe"] = (bytes => Npy.Read(new PipeStream(bytes)), Arrays()),
        ["record"] = (
            bytes =>
            {
                var record = PackingRecord.FromJson(Mutator.Text(bytes));
                Assert.Equal(record, PackingRecord.FromJson(record.ToJson()));
            },
            Bytes(PackingRecord.Of("a \"b\".txt", new FirstFit().Pack(PackingProblem.Create([5, 3, 4], new BinLimits(9, 2)))).ToJson())),
        ["histogram of a shard"] = (
            bytes =>
            {
                var histogram = HistogramJson.Read(Mutator.Text(bytes));
                Assert.Equal(histogram, HistogramJson.Read(HistogramJson.Write(histogram)));
            },
            Bytes(HistogramJson.Write(SizeHistogram.Of([6, 6, 4, 0, 123_456])))),
        ["plan"] = (
            bytes =>
            {
                var json = PlanJson.Write(PlanJson.Read(Mutator.Text(bytes)));
                Assert.Equal(json, PlanJson.Write(PlanJson.Read(json)));
            },
            Bytes(PlanJson.Write(new BestFitDecreasing().Plan(SizeHistogram.Of([6, 6, 4, 4, 4]), new BinLimits(10, 5)).Plan))),
        ["certificate"] = (
            bytes =>
            {
                var certificate = CertificateJson.Read(Mutator.Text(bytes));
                Assert.Equal(certificate, CertificateJson.Read(CertificateJson.Write(certificate)));
                Assert.InRange(CertificateChecker.Check(RefutationTests.Gapped, certificate, steps: 100_000).LowerBound, 4, 5);
            },
            Bytes(
                CertificateJson.Write(PackingCertificate.Of(new TightPacking().Pack(PackingProblem.Create([5, 3, 4, 6, 6], 12)))),
                CertificateJson.Write(PackingCertificate.Of(new ExactPacking().Pack(RefutationTests.Gapped))))),
        ["streaming state"] = (
            bytes =>
            {
                var packer = StreamingPacker.Resume(StreamingStateJson.Read(Mutator.Text(bytes)));
                StreamingPacker.Resume(StreamingStateJson.Read(StreamingStateJson.Write(packer.Save())));
                packer.Flush();
            },
            Bytes(StreamingState())),
        ["prompts"] = (
            bytes =>
            {
                var prompts = PromptReader.Read(Reader(bytes));
                Assert.Equal(prompts.Count, prompts.ToForest().PromptCount);
            },
            Bytes("{\"input_length\": 700, \"hash_ids\": [17, 18]}\n\n{\"hash_ids\": [17], \"input_length\": 512}\n",
                "{\"token_ids\": [1, 2, 30000], \"text\": \"x\"}\n{\"token_ids\": [1, 5]}\n")),
        ["token lines"] = (
            bytes => JsonLinesReader.Read(new PipeStream(bytes), new InputSettings(), new LengthList()),
            Bytes("{\"input_ids\": [1, 2, 30000], \"text\": \"x\"}\n\n{\"input_ids\": 5}\n",
                "{\"a\": {\"input_ids\": 1}, \"input_ids\": []}")),
    };

    public static TheoryData<string> Names => [.. Parsers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_input_is_read_or_refused_as_documented(string name)
    {
        var (parse, documents) = Parsers[name];
        Fuzzing.Run(documents, parse, refusal =>
            refusal is FormatException || (name == "streaming state" && refusal is ArgumentException and not ArgumentNullException));
    }

    [Fact]
    public void Every_parser_of_the_folder_is_tried()
    {
        // Whoever adds a reader adds it above and here.
        var readers = typeof(SizeReader).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.IsStatic && (method.Name.StartsWith("Read", StringComparison.Ordinal) || method.Name == "FromJson"))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "CertificateJson.Read", "HistogramJson.Read", "Npy.Read", "Npy.ReadHeader", "PackingRecord.FromJson", "PlanJson.Read",
                "PromptReader.Read", "SizeReader.Read", "SizeReader.ReadCounts", "SizeReader.ReadDecimals", "SizeReader.ReadNpy",
                "SizeReader.ReadNpyCounts", "StreamingStateJson.Read",
            ],
            readers);
    }

    /// <summary>What a caller does with a list: every way must work or refuse.</summary>
    private static void Sizes(SizeList sizes)
    {
        if (sizes.ItemCount > 0)
            Assert.InRange(sizes.LineOf(sizes.ItemCount - 1), 1, int.MaxValue);
        if (sizes.ItemCount <= MaxItems)
            Assert.Equal(sizes.ItemCount, sizes.ToProblem(sizes.Capacity ?? long.MaxValue).ItemCount);
    }

    private static StringReader Reader(byte[] bytes) => new(Mutator.Text(bytes));

    private static byte[][] Bytes(params string[] documents) => Array.ConvertAll(documents, Encoding.Latin1.GetBytes);

    private static byte[][] Arrays()
    {
        using MemoryStream ints = new(), bytes = new(), longs = new();
        Npy.Write<int>(ints, [1, -2, 3, 4, 5, 6], 2, 3);
        Npy.Write<byte>(bytes, [7, 8]);
        Npy.Write<ulong>(longs, [7, 8, 9], 3, 1);
        return [ints.ToArray(), bytes.ToArray(), longs.ToArray()];
    }

    private static string StreamingState()
    {
        var packer = new StreamingPacker(new StreamingOptions { Capacity = 10, PoolSize = 3, MaxAge = 7, MaxItemsPerBin = 4 });
        foreach (var size in (long[])[7, 3, 2, 5, 4])
            packer.Add(size);
        return StreamingStateJson.Write(packer.Save());
    }
}
