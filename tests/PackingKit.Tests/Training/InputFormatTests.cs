using System.Runtime.InteropServices;
using PackingKit.Samples.Training;
using Xunit;
using static PackingKit.Tests.Training.DocumentFormats;

namespace PackingKit.Tests.Training;

/// <summary>The same documents in every format are the same documents.</summary>
public sealed class InputFormatTests : IDisposable
{
    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tokens_of_every_format_are_those_that_were_written()
    {
        foreach (var (name, options, write) in All(_folder))
        {
            write(_folder[name]);
            var sink = new Collected();
            DocumentReaders.Read(_folder[name], options, sink);
            Assert.Equal(Written, sink.Tokens);
            var lengths = new LengthList();
            DocumentReaders.Read(_folder[name], options, lengths);
            Assert.Equal(Written.Select(tokens => tokens.Length), lengths.Memory.ToArray());
        }
    }

    [Fact]
    public void Several_files_patterns_and_folders_are_one_input_in_order()
    {
        _folder.WriteLines("a-1.jsonl", Written[..20]);
        _folder.WriteLines("a-2.jsonl", Written[20..45]);
        _folder.WriteLines("rest.jsonl", Written[45..]);
        _folder.WriteLines("all.jsonl", Written);
        string[] options = ["--to", "trl", "--capacity", "64"];
        var whole = _folder.Pack("whole", ["@all.jsonl", .. options]);
        var parts = _folder.Pack("parts", ["@a-*.jsonl", "@rest.jsonl", .. options]);
        Assert.Equal(_folder.Files("whole")["part-00000.parquet"], _folder.Files("parts")["part-00000.parquet"]);
        Assert.Equal(3, parts.Sources.Count);
        // What was written as Arrow is read again as a folder: one document a pack.
        _folder.Pack("arrow", "@all.jsonl", "--to", "arrow", "--capacity", "64", "--packs-per-file", "10");
        var again = _folder.Pack("again", "@arrow", "--to", "index", "--capacity", "64");
        Assert.Equal((whole.Packs, whole.Tokens), (again.Documents, again.Tokens));
    }

    [Fact]
    public void Files_that_are_kept_apart_and_files_that_are_taken_by_weight()
    {
        _folder.WriteLines("a.jsonl", Written[..30]);
        _folder.WriteLines("b.jsonl", Written[30..]);
        var first = Written[..30].SelectMany(tokens => tokens).Where(token => token != End).ToHashSet();
        _folder.Pack("apart", "@a.jsonl", "@b.jsonl", "--by-file", "--to", "trl", "--capacity", "64");
        Assert.All(Rows("apart"), row => Assert.Single(
            row.Where(token => token != End).Select(first.Contains).Distinct().DefaultIfEmpty(true)));

        var manifest = _folder.Pack("blend", "@a.jsonl", "@b.jsonl", "--blend", "2", "0.5", "--to", "trl", "--capacity", "64");
        Assert.Equal(2 * 30 + 15, manifest.Documents);
        var times = Rows("blend").SelectMany(row => row).Where(token => token != End).CountBy(token => token).ToDictionary();
        Assert.All(first, token => Assert.Equal(2, times[token]));
        var rest = Written[30..].Where(tokens => tokens.Length > 1).ToArray();
        Assert.All(rest, tokens => Assert.Single(tokens[..^1].Select(token => times.GetValueOrDefault(token)).Distinct()));
        Assert.InRange(rest.Count(tokens => times.ContainsKey(tokens[0])), 15 - (30 - rest.Length), 15);
    }

    [Fact]
    public void Text_becomes_tokens()
    {
        File.WriteAllLines(_folder["vocab.txt"], ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "world"]);
        File.WriteAllText(_folder["text.jsonl"], "{\"text\": \"hello world world\"}\n{\"text\": \"hello\"}\n");
        _folder.Pack("out", "@text.jsonl", "--text", "text", "--tokenizer", "@vocab.txt", "--to", "trl", "--capacity", "16");
        Assert.Equal([5, 6, 6, 5], Assert.Single(Rows("out")).Where(token => token is 5 or 6));
        Assert.Contains("--text needs --tokenizer", _folder.Run("@text.jsonl", "--text", "text").Error, StringComparison.Ordinal);
        Assert.Contains(
            "--tokenizer nothing", _folder.Run("@text.jsonl", "--text", "text", "--tokenizer", "nothing").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_before_and_after_each_document_are_counted()
    {
        _folder.WriteLines("a.jsonl", [[1, 2], [3]]);
        _folder.Pack("out", "@a.jsonl", "--bos", "7", "--eos", "8", "--to", "trl", "--capacity", "16");
        Assert.Equal([7, 1, 2, 8, 7, 3, 8], Assert.Single(Rows("out")));
        var index = _folder.Pack("index", "@a.jsonl", "--bos", "7", "--eos", "8", "--capacity", "16");
        Assert.Equal((1, 7), (index.Packs, index.Tokens));
    }

    [Fact]
    public void Packs_in_the_order_of_the_documents()
    {
        _folder.WriteLines("a.jsonl", Written);
        _folder.Pack("order", "@a.jsonl", "--keep-order", "--to", "trl", "--capacity", "64");
        Assert.Equal(Written.SelectMany(tokens => tokens), Rows("order").SelectMany(row => row));
        _folder.Pack("stream", "@a.jsonl", "--stream", "--to", "trl", "--capacity", "64");
        Assert.Equal(Written.SelectMany(tokens => tokens), Rows("stream").SelectMany(row => row));
        Assert.All(Rows("stream")[..^1], row => Assert.Equal(64, row.Length));
        foreach (var way in (string[])["--window", "--pool"])
        {
            _folder.Pack(way, "@a.jsonl", way, "8", "--to", "trl", "--capacity", "64");
            Assert.Equal(Written.SelectMany(tokens => tokens).Order(), Rows(way).SelectMany(row => row).Order());
        }
    }

    [Theory]
    [InlineData(
        "negative.jsonl", "{\"input_ids\": [1], \"mask\": [1]}\n{\"input_ids\": [-1]}", "negative.jsonl, line 2: Token 0 of 'input_ids'")]
    [InlineData("mask.jsonl", "{\"input_ids\": [1, 2], \"mask\": [1]}", "mask.jsonl, line 1: 'mask' has 1 weights for 2 tokens.")]
    [InlineData("none.jsonl", "{\"input_ids\": [1, 2]}", "none.jsonl, line 1: There is no property 'mask'.")]
    [InlineData("lengths.jsonl", "{\"input_ids\": 5}", "lengths.jsonl, line 1: There is only the number of tokens here")]
    [InlineData("lengths.txt", "5\n6\n", "lengths.txt: There is only the number of tokens here")]
    public void Bad_documents_are_named_by_file_and_line_and_nothing_stays(string name, string content, string reason)
    {
        File.WriteAllText(_folder[name], content);
        var (code, _, error) = _folder.Run("pack", $"@{name}", "--weights", "mask", "--to", "trl", "--out", "@out");
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void Rows_of_Parquet_are_named_and_so_are_missing_columns()
    {
        Query($"COPY (SELECT CASE WHEN i = 3 THEN NULL ELSE [i, i] END AS input_ids FROM range(5) t(i)) TO '{_folder["null.parquet"]}'");
        Query($"COPY (SELECT [i, -i] AS input_ids FROM range(5) t(i)) TO '{_folder["minus.parquet"]}'");
        Query($"COPY (SELECT [1.5] AS input_ids) TO '{_folder["real.parquet"]}'");
        Query($"COPY (SELECT [i] AS ids FROM range(5) t(i)) TO '{_folder["other.parquet"]}'");
        foreach (var (name, reason) in new[]
        {
            ("null.parquet", "row 3: 'input_ids' is null."), ("minus.parquet", "row 1: Token 1 is null or negative."),
            ("real.parquet", "row 0: Values are of type"), ("other.parquet", "There is no column 'input_ids', only ids."),
        })
        {
            var (code, _, error) = _folder.Run("pack", $"@{name}", "--to", "trl", "--out", "@out");
            Assert.Equal(CommandLine.BadInput, code);
            Assert.Contains(name, error, StringComparison.Ordinal);
            Assert.Contains(reason, error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_folder["out"]));
        }
    }

    [Fact]
    public void Damaged_binary_files_are_refused_by_name()
    {
        foreach (var (name, options, write) in All(_folder).Where(format => !format.Name.EndsWith(".jsonl", StringComparison.Ordinal)))
        {
            write(_folder[name]);
            var bytes = File.ReadAllBytes(_folder[name]);
            File.WriteAllBytes(_folder[name], bytes[..(bytes.Length / 2 | 1)]);
            var bad = Assert.Throws<BadInputException>(() => DocumentReaders.Read(_folder[name], options, new Collected()));
            Assert.Contains(name, bad.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void OLMo_core_reads_its_documents_out_of_the_concatenated_tokens()
    {
        WriteShorts(_folder["raw.npy"]);
        var manifest = _folder.Pack(
            "out", "@raw.npy", "--eod", $"{End}", "--to", "olmo", "--capacity", "32", "--long", "split", "--overlap", "0", "--id", "abc");
        var documents = Longs("document-indices-abc.npy");
        var instances = Longs("instance-offsets-abc.npy");
        var byInstance = Longs("documents-by-instance-abc.npy");
        Assert.Equal(manifest.Packs, instances.Length / 2);
        List<int> seen = [];
        for (var instance = 0; instance < instances.Length; instance += 2)
        {
            var load = 0;
            foreach (var document in byInstance[(int)instances[instance]..(int)instances[instance + 1]])
            {
                var (start, end) = ((int)documents[2 * document], (int)documents[2 * document + 1]);
                seen.AddRange(Tokens[start..end]);
                load += end - start;
            }
            Assert.InRange(load, 1, 32);
        }
        Assert.Equal(Tokens.Order(), seen.Order());
        var lengths = documents.Chunk(2).Select(span => span[1] - span[0]).ToArray();
        Assert.Equal(lengths.OrderDescending(), lengths);

        long[] Longs(string name) => MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(_folder[$"out/{name}"])).ToArray();
    }

    private List<int[]> Rows(string folder)
    {
        var sink = new Collected();
        foreach (var file in Directory.GetFiles(_folder[folder], "*.parquet").Order(StringComparer.Ordinal))
            DocumentReaders.Read(file, new InputSettings(), sink);
        return sink.Tokens;
    }
}
