using System.Diagnostics;
using FsCheck.Xunit;
using PackingKit.Samples.Training;
using Xunit;

namespace PackingKit.Tests.Training;

[Trait("speed", "slow")]
public sealed class PackCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packingkit-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_list_of_lengths_that_reads_as_a_BPP_file_is_a_list_of_lengths()
    {
        File.WriteAllLines(PathOf("lengths.txt"), ["3", "4", "1", "2", "4"]); // as BPP: 3 items, capacity 4
        var (code, _, error) = Run("lengths.txt", "--capacity", "4", "--out", "out");
        Assert.Equal((CommandLine.Success, ""), (code, error));
        Assert.Equal(14, ReadManifest().Tokens);
    }

    [Property(MaxTest = 40)]
    public void Every_token_is_in_one_pack_or_counted_as_lost_whatever_the_rule(byte[] documents, byte room, byte ranks, byte seed)
    {
        var capacity = room % 100 + 2;
        File.WriteAllLines(PathOf("lengths.txt"), documents.Select(length => $"{length}"));
        foreach (var rule in (string[])["split", "truncate-right", "truncate-left", "drop"])
        {
            var (code, _, error) = Run(
                "lengths.txt", "--capacity", $"{capacity}", "--long", rule, "--ranks", $"{ranks % 3 + 1}", "--shuffle", $"{seed}",
                "--overlap", "0", "--allow-empty", "--out", "out", "--overwrite");
            Assert.Equal((CommandLine.Success, ""), (code, error));
            var packs = ReadPacks();
            var metadata = ReadManifest();
            var seen = Array.ConvertAll(documents, length => new int[length]);
            foreach (var pack in packs)
            {
                Assert.InRange(pack.Sum(piece => piece.Length), 0, capacity);
                foreach (var (document, start, length) in pack)
                    for (var token = start; token < start + length; token++)
                        seen[document][token]++;
            }
            for (var document = 0; document < documents.Length; document++)
                for (var token = 0; token < documents[document]; token++)
                {
                    var packed = documents[document] <= capacity || rule == "split" || (rule == "truncate-right" && token < capacity)
                        || (rule == "truncate-left" && token >= documents[document] - capacity);
                    Assert.Equal(packed ? 1 : 0, seen[document][token]);
                }
            Assert.Equal(0, packs.Count % (ranks % 3 + 1));
            Assert.Equal(packs.Count, metadata.Packs);
            Assert.Equal(documents.Sum(length => length), metadata.Tokens + metadata.LostTokens);
            var tooLong = documents.Count(length => length > capacity);
            Assert.Equal(
                rule switch
                {
                    "split" => (tooLong, 0, 0),
                    "drop" => (0, 0, tooLong),
                    _ => (0, tooLong, 0),
                },
                (metadata.Split, metadata.Truncated, metadata.Dropped));
        }
    }

    [Fact]
    public void The_shuffle_repeats_for_a_seed_and_each_epoch_has_its_own()
    {
        string Index(params string[] more)
        {
            Assert.Equal(CommandLine.Success, Run(["--capacity", "4096", "--out", "out", "--overwrite", .. more]).Code);
            return string.Join('\n', ReadPacks().Select(pack => string.Join(' ', pack)));
        }
        var plain = Index();
        var first = Index("--shuffle", "1");
        var fingerprint = ReadManifest().Fingerprint;
        Assert.Equal(first, Index("--shuffle", "1"));
        Assert.Equal(fingerprint, ReadManifest().Fingerprint);
        Assert.NotEqual(first, Index("--shuffle", "2"));
        Assert.NotEqual(fingerprint, ReadManifest().Fingerprint);
        Assert.NotEqual(first, Index("--shuffle", "1", "--epoch", "1"));
        Assert.NotEqual(first, plain);
        Assert.Equal(CommandLine.BadInput, Run("--epoch", "1").Code);
    }

    [Fact]
    public void A_long_document_is_refused_by_number_where_the_rule_says_so()
    {
        File.WriteAllText(PathOf("lengths.txt"), "5\n9\n3\n");
        var (code, _, error) = Run("lengths.txt", "--capacity", "8", "--long", "refuse", "--out", "out");
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains("Document 1 has 9 tokens, above the 8 that fit a pack", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(PathOf("out")));
        Assert.Equal(CommandLine.Success, Run("lengths.txt", "--capacity", "9", "--long", "refuse").Code);
    }

    [Theory]
    [InlineData("bad.jsonl", "{\"input_ids\": [1]}\n{\"text\": \"a\"}", "line 2: There is no property 'input_ids'")]
    [InlineData("bad.jsonl", "{\"input_ids\": \"a b\"}", "line 1: 'input_ids' is neither")]
    [InlineData("bad.jsonl", "{\"input_ids\": ", "line 1: ")]
    [InlineData("bad.jsonl", "[1, 2]", "line 1: There is no property")]
    [InlineData("bad.jsonl", "{\"input_ids\": -4}", "line 1: Document 0 has -4 tokens")]
    [InlineData("bad.jsonl", "{\"input_ids\": [1]}\n\n{\"input_ids\": [[1, 2, 3]]}", "line 3: Token 0 of 'input_ids' is an array, not")]
    [InlineData("bad.jsonl", "{\"input_ids\": [1, \"2\"]}", "line 1: Token 1 of 'input_ids' is a string")]
    [InlineData("bad.jsonl", "{\"input_ids\": [1, null]}", "line 1: Token 1 of 'input_ids' is null")]
    [InlineData("bad.jsonl", "{\"input_ids\": [1, -2]}", "line 1: Token 1 of 'input_ids' is another number")]
    [InlineData("bad.jsonl", "{\"input_ids\": [1.5]}", "line 1: Token 0 of 'input_ids' is another number")]
    [InlineData("bad.jsonl", "{\"input_ids\": [true, {}]}", "line 1: Token 0 of 'input_ids' is true")]
    [InlineData("bad.jsonl", "{\"input_ids\": 1, \"input_ids\": [1]}", "line 1: The property 'input_ids' stands twice")]
    [InlineData("bad.jsonl", "{\"input_ids\": 1} 2", "line 1: This is no JSON from byte 18 on.")]
    [InlineData("bad.jsonl", "{\"\\ud800\": 1}", "line 1: ")]
    [InlineData("BAD.JSONL", "{\"text\": \"a\"}", "line 1: There is no property 'input_ids'")]
    [InlineData("BAD.NPY", "1\n2\n", "cut short")]
    [InlineData("bad.jsonl.gz", "1\n2\n", "Files that end in .gz are not read")]
    [InlineData("bad.Parquet", "PAR1", "bad.Parquet: ")]
    [InlineData("bad.arrow", "ARROW1", "bad.arrow: ")]
    [InlineData("bad.idx", "MMIDIDX", "bad.idx: The file does not begin as Megatron's indices do.")]
    [InlineData("bad.ds.index", "1234567", "bad.ds.index: The index has 7 bytes, no whole number of uint64.")]
    [InlineData("bad.ds", "123", "bad.ds: The file has 3 bytes, no whole number of uint16.")]
    [InlineData("bad.raw", "1234", "bad.raw: Where documents end in an array of tokens must be said")]
    [InlineData("bad.unknown", "PAR1\u0015\u0004", "line 1: This is not text")]
    [InlineData("bad.csv", "start,end\n1,2\n", "There are 2 columns (start, end); one must be named")]
    [InlineData("bad.txt", "3 4\n1 2 4\n", "line 2: There are two numbers on a line")]
    [InlineData("bad.txt", "1\nx\n", "line 2: ")]
    [InlineData("bad.txt", "1\n9999999999\n", "Document 1 has 9999999999 tokens")]
    [InlineData("bad.npy", "1\n2\n", "cut short")]
    public void Bad_files_are_refused_with_place_and_reason(string name, string content, string reason)
    {
        File.WriteAllText(PathOf(name), content);
        var (code, _, error) = Run(name);
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_is_chosen_by_name()
    {
        File.WriteAllText(PathOf("a.csv"), "id;tokens\n7;3\n8;5\n");
        Assert.Equal(CommandLine.Success, Run("a.csv", "--column", "tokens", "--capacity", "8", "--out", "out").Code);
        Assert.Equal((2, 8), (ReadManifest().Documents, ReadManifest().Tokens));
    }

    [Fact]
    public void Work_without_memory_for_it_is_refused_before_it_is_begun()
    {
        File.WriteAllText(PathOf("documents.csv"), "length,count\n3,2147483591\n");
        File.WriteAllText(PathOf("one.txt"), string.Concat(Enumerable.Repeat("1073741824\n", 9)));
        foreach (var (input, reason) in new[] { ("documents.csv", "2,147,483,591 items need"), ("one.txt", "3,221,225,469 items need") })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (code, _, error) = Run(input, "--capacity", "4", "--long", "split");
            Assert.Equal(CommandLine.BadInput, code);
            Assert.Contains(reason, error, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
        }
    }

    [Fact]
    public async Task Ten_million_lengths_are_packed_and_written_with_512_MiB()
    {
        File.WriteAllText(PathOf("lengths.txt"), string.Concat(Enumerable.Repeat("700\n90\n1300\n2048\n1500\n", 2_000_000)));
        using var command = Start(("DOTNET_GCHeapHardLimit", "0x20000000"), PathOf("lengths.txt"), "--out", PathOf("out"));
        var error = command.StandardError.ReadToEndAsync();
        await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        Assert.Equal((0, ""), (command.ExitCode, await error));
        Assert.Equal((10_000_000, 11_276_000_000), (ReadManifest().Documents, ReadManifest().Tokens));
    }

    [Fact]
    public void Empty_names_of_files_are_refused()
    {
        Assert.Equal(CommandLine.BadInput, Run("").Code);
        Assert.Equal(CommandLine.BadInput, Run("--out", "").Code);
    }

    [Fact]
    public void A_report_that_cannot_be_printed_is_said_and_the_result_is_there()
    {
        var output = new StreamWriter(new FullDisk()) { AutoFlush = true }; // not disposed, which would write
        using var error = new StringWriter();
        Assert.Equal(CommandLine.NoOutput, CommandLine.Run(["--out", PathOf("out")], output, error));
        Assert.Contains("The report cannot be printed: full", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(19_366, ReadManifest().Documents);
    }

    [Fact]
    public void A_table_of_numbers_and_a_missing_file_are_refused()
    {
        using (var file = File.Create(PathOf("tokens.npy")))
            Npy.Write<ushort>(file, [1, 2, 3]);
        Assert.Contains("of uint16, as arrays of tokens are", Run("tokens.npy").Error, StringComparison.Ordinal);
        using (var file = File.Create(PathOf("table.npy")))
            Npy.Write<int>(file, [1, 2, 3, 4], 2, 2);
        Assert.Contains("2 dimensions", Run("table.npy").Error, StringComparison.Ordinal);
        Assert.Equal(CommandLine.BadInput, Run("missing.txt").Code);
    }

    [Theory]
    [InlineData("--capacity", "0", "--capacity must be at least 1, not 0.")]
    [InlineData("--ranks", "-2", "--ranks must be at least 1, not -2.")]
    [InlineData("--time-limit", "0", "--time-limit must be above 0, not 0.")]
    [InlineData("--time-limit", "0,5", "Cannot parse argument '0,5' for --time-limit: expected a number.")]
    [InlineData("--time-limit", "1e300", "--time-limit must be at most 1000000000, not 1e300.")]
    [InlineData("--time-limit", "1e-9", "--time-limit must be at least 0.000001, not 1e-9.")]
    [InlineData("--capacity", "abc", "Cannot parse argument 'abc' for --capacity: expected a whole number.")]
    [InlineData("--ranks", "x", "Cannot parse argument 'x' for --ranks: expected a whole number.")]
    [InlineData("--shuffle", "x", "Cannot parse argument 'x' for --shuffle: expected a whole number.")]
    [InlineData("--capcity", "5", "There is no option '--capcity'; did you mean --capacity?")]
    [InlineData("--kerf=3", "", "There is no option '--kerf'.")]
    [InlineData("--long", "cut", "cut")]
    [InlineData("--to", "nothing", "nothing")]
    [InlineData("--columns", "labels", "--columns must have input_ids.")]
    [InlineData("--columns", "input_ids,labels", "--columns takes names apart by blanks, such as --columns input_ids labels.")]
    [InlineData("--pack-align", "8 --capacity 33", "--pack-align 8: rows are a multiple of it, so --capacity 33 must be one.")]
    [InlineData("--window", "5 --pool 3", "--window and --pool do not go together.")]
    [InlineData("--strategy", "magic", "magic")]
    public void Bad_options_are_refused(string option, string value, string reason)
    {
        var (code, _, error) = Run([option, .. value.Split(' ')]);
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_documents_for_the_ranks_are_refused()
    {
        File.WriteAllText(PathOf("lengths.txt"), "4\n3\n");
        Assert.Equal(CommandLine.Success, Run("lengths.txt", "--capacity", "8", "--ranks", "2", "--out", "out").Code);
        Assert.Equal(2, ReadManifest().Packs);
        Assert.Contains("too few pieces", Run("lengths.txt", "--capacity", "8", "--ranks", "3").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_see_only_their_own_documents()
    {
        // Documents 0 and 1, 2 and 3: 6 + 6 and 4 + 4 in windows of two, where a look at all pairs 6 with 4.
        var pieces = DocumentPieces.Cut(new[] { 6, 6, 4, 4 }, new PieceRules(10));
        Assert.Equal(3, Windows.Pack(pieces, 2, new BestFitDecreasing()));
        Assert.Equal(2, Windows.Pack(pieces, 4, new BestFitDecreasing()));
        Assert.Equal(4, Windows.Pack(pieces, 1, new FirstFit()));
        Assert.Equal(0, Windows.Pack(DocumentPieces.Cut(Array.Empty<int>(), pieces.Rules), 1, new FirstFit()));
    }

    [Fact]
    public void A_report_says_what_was_done()
    {
        File.WriteAllText(PathOf("lengths.txt"), "2\n2\n2\n");
        Assert.Contains(
            "cut where a pack is full: 1 split", Run("lengths.txt", "--capacity", "3", "--stream").Output, StringComparison.Ordinal);
        File.WriteAllText(PathOf("empty.txt"), "");
        var (code, output, _) = Run("empty.txt");
        Assert.Equal(CommandLine.Success, code);
        Assert.DoesNotContain("100.00 %", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_without_a_token_stay_empty_whatever_is_put_around_them()
    {
        File.WriteAllText(PathOf("a.jsonl"), "{\"input_ids\": []}\n{\"input_ids\": [5]}\n{\"input_ids\": []}\n{\"input_ids\": [6]}\n");
        foreach (var target in (string[])["index", "trl"])
        {
            Assert.Equal(CommandLine.Success, Run(
                "a.jsonl", "--bos", "1", "--eos", "2", "--capacity", "6", "--to", target, "--out", "out", "--overwrite").Code);
            Assert.Equal((2, 2, 6), (ReadManifest().Empty, ReadManifest().Pieces, ReadManifest().Tokens));
        }
    }

    [Theory]
    [InlineData("0.5", "trl", false)]
    [InlineData("0.001", "megatron-bridge", false)]
    [InlineData("1", "megatron-bridge", true)]
    [InlineData("0.5", "trl --columns input_ids shift_labels loss_weights", true)]
    public void Weights_that_a_mask_cannot_say_are_refused(string weight, string target, bool isTaken)
    {
        File.WriteAllText(PathOf("a.jsonl"), $"{{\"input_ids\": [5, 6], \"w\": [0, {weight}]}}\n");
        var (code, _, error) = Run(["a.jsonl", "--weights", "w", "--out", "out", "--to", .. target.Split(' ')]);
        Assert.Equal(isTaken ? CommandLine.Success : CommandLine.BadInput, code);
        Assert.Equal(!isTaken, error.Contains($"line 1: Weight 1 of 'w' is {weight}, and", StringComparison.Ordinal)
            && error.Contains("loss_weights", StringComparison.Ordinal));
        Assert.Contains("line 1: There is no property 'v'", Run("a.jsonl", "--weights", "v").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_arguments_the_shipped_lengths_are_packed_and_reported()
    {
        var (code, output, error) = Run();
        Assert.Equal((CommandLine.Success, ""), (code, error));
        Assert.Contains("azure-conversation.csv: 19,366 documents", output, StringComparison.Ordinal);
        Assert.Contains("best-fit decreasing, windows of 1,000", output, StringComparison.Ordinal);
    }

    /// <summary>The command as a process of its own.</summary>
    private static Process Start((string Name, string Value) variable, params string[] args)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, [Path.Combine(AppContext.BaseDirectory, "Training.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable.Name] = variable.Value;
        return Process.Start(start)!;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var paths = args.Select(
            arg => arg == "out" || (char.IsLetter(arg.FirstOrDefault()) && arg.Contains('.', StringComparison.Ordinal))
                ? PathOf(arg) : arg);
        var code = TestCulture.Invariantly(() => CommandLine.Run([.. paths], output, error));
        return (code, output.ToString(), error.ToString());
    }

    private List<List<(int Document, int Start, int Length)>> ReadPacks()
    {
        var offsets = Read(IndexTarget.Offsets).Values;
        var documents = Read(IndexTarget.Indices).Values;
        var (spans, shape) = Read(IndexTarget.Spans);
        Assert.Equal([documents.Length, 2], shape);
        Assert.Equal(documents.Length, offsets[^1]);
        var packs = new List<List<(int, int, int)>>();
        for (var pack = 0; pack + 1 < offsets.Length; pack++)
        {
            packs.Add([]);
            for (var item = (int)offsets[pack]; item < offsets[pack + 1]; item++)
                packs[^1].Add(((int)documents[item], (int)spans[2 * item], (int)spans[2 * item + 1]));
        }
        return packs;
    }

    private (long[] Values, int[] Shape) Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(_folder, "out", name));
        return Npy.Read(file);
    }

    private Manifest ReadManifest() => JobFolder.Finished(PathOf("out"))!;
}
