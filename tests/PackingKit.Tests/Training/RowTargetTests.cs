using Apache.Arrow;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using PackingKit.Samples.Training;
using Xunit;

namespace PackingKit.Tests.Training;

/// <summary>What trainers read, read back by code that is not ours: every token and every label is counted.</summary>
public sealed class RowTargetTests : IDisposable
{
    private const int Capacity = 64, Eos = 100_000, X = PackLayout.IgnoredLabel;

    private static readonly int[][] Documents = TrainingFolder.Documents(200, seed: 3, maxLength: 90);
    private static readonly int[][] Masks =
        [.. Documents.Select((tokens, i) => tokens.Select(token => (token + i) % 3 == 0 ? 0 : 1).ToArray())];

    private readonly TrainingFolder _folder = new();

    public RowTargetTests() => _folder.WriteLines("documents.jsonl", Documents, Masks);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TRL_has_every_token_once_and_labels_where_the_mask_says()
    {
        var manifest = _folder.Pack(
            "out", "@documents.jsonl", "--weights", "mask", "--to", "trl", "--capacity", $"{Capacity}", "--long", "split", "--overlap", "0",
            "--packs-per-file", "40", "--row-group", "7", "--shuffle", "5");
        var rows = Query(
            $"SELECT input_ids, labels, seq_lengths FROM '{_folder["out"]}/*.parquet'",
            row => (Ids: Ints(row[0]), Labels: Ints(row[1]), Lengths: Ints(row[2])));
        Assert.Equal(manifest.Packs, rows.Count);
        Assert.True(manifest.Files.Count > 1);
        var weights = WeightOfToken();
        Assert.Equal(Documents.SelectMany(tokens => tokens), rows.SelectMany(row => row.Ids).Order());
        foreach (var (ids, labels, lengths) in rows)
        {
            Assert.InRange(ids.Length, 1, Capacity);
            Assert.Equal(ids.Length, lengths.Sum());
            var starts = lengths.Select((_, document) => lengths.Take(document).Sum()).ToHashSet();
            Assert.Equal(ids.Select((token, slot) => starts.Contains(slot) || weights[token] == 0 ? X : token), labels);
            // Each piece is a run of one document.
            Assert.All(starts.Zip(lengths), piece => Assert.Equal(
                Enumerable.Range(ids[piece.First], piece.Second), ids[piece.First..(piece.First + piece.Second)]));
        }
        Assert.Equal(CommandLine.Success, _folder.Run("verify", "@out").Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Megatron_Bridge_has_one_token_more_a_sequence_and_a_rolled_mask(int align)
    {
        _folder.Pack(
            "out", "@documents.jsonl", "--weights", "mask", "--to", "megatron-bridge", "--capacity", $"{Capacity}", "--long", "split",
            "--pad", $"{Eos}", "--align", $"{align}");
        var rows = Query(
            $"SELECT input_ids, loss_mask, seq_start_id FROM '{_folder["out"]}/*.idx.parquet'",
            row => (Ids: Ints(row[0]), Mask: Ints(row[1]), Starts: Ints(row[2])));
        var weights = WeightOfToken();
        List<int> targets = [];
        foreach (var (ids, mask, starts) in rows)
        {
            Assert.Equal(ids.Length, mask.Length);
            Assert.Equal(0, starts[0]);
            var inputs = 0;
            foreach (var (start, end) in starts.Zip([.. starts[1..], ids.Length]))
            {
                Assert.Equal(0, (end - start - 1) % align);
                inputs += end - start - 1;
                var length = ids[start..end].Count(token => token != Eos); // as the collator finds it
                Assert.Equal(Enumerable.Range(ids[start], length), ids[start..(start + length)]);
                for (var i = start; i < end; i++)
                {
                    var isTarget = i + 1 < start + length;
                    Assert.Equal(isTarget && weights[ids[i + 1]] != 0 ? 1 : 0, mask[i]);
                    if (isTarget)
                        targets.Add(ids[i + 1]);
                }
            }
            Assert.InRange(inputs, 1, Capacity);
        }
        // The overlap of one makes every token but a document's first a target exactly once.
        Assert.Equal(Documents.SelectMany(tokens => tokens.Skip(1)), targets.Order());
        Assert.Contains("\"pack_size\":64", File.ReadAllText(_folder["out/packed_metadata.json"]), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Success, _folder.Run("verify", "@out").Code);
    }

    [Fact]
    public void Arrow_files_have_all_columns_in_rows_of_one_length()
    {
        _folder.Pack(
            "out", "@documents.jsonl", "--weights", "mask", "--to", "arrow", "--capacity", $"{Capacity}", "--align", "4", "--pack-align",
            $"{Capacity}", "--eos", $"{Eos}", "--packs-per-file", "50", "--row-group", "9", "--cu-count", "65",
            "--loss-weights", "document", "--columns", "input_ids", "labels", "shift_labels", "position_ids", "segment_ids",
            "attention_mask", "loss_weights", "seq_lengths", "documents", "cu_seqlens", "cu_seqlens_padded");
        var weights = WeightOfToken();
        weights[Eos] = 1;
        List<int> seen = [];
        foreach (var file in Directory.GetFiles(_folder["out"], "*.arrow").Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            using var reader = new ArrowStreamReader(stream);
            while (reader.ReadNextRecordBatch() is { } batch)
                for (var row = 0; row < batch.Length; row++)
                {
                    int[] Column(string name) => ((Int32Array)((ListArray)batch.Column(name)).GetSlicedValues(row)).Values.ToArray();
                    var (ids, lengths, documents) = (Column("input_ids"), Column("seq_lengths"), Column("documents"));
                    Assert.Equal(Capacity, ids.Length);
                    Assert.Equal(65, Column("cu_seqlens").Length);
                    var padded = Column("cu_seqlens_padded");
                    var loss = ((FloatArray)((ListArray)batch.Column("loss_weights")).GetSlicedValues(row)).Values.ToArray();
                    Assert.Equal(Capacity, padded[^1]);
                    for (var i = 0; i < lengths.Length; i++)
                    {
                        Assert.Equal(lengths.Take(i).Sum(), Column("cu_seqlens")[i]);
                        var (start, end) = (padded[i], padded[i] + lengths[i]);
                        int[] own = [.. Documents[documents[i]], Eos];
                        Assert.Equal(own[..Math.Min(own.Length, Capacity)], ids[start..end]);
                        seen.AddRange(ids[start..end]);
                        Assert.Equal(Enumerable.Range(0, lengths[i]), Column("position_ids")[start..end]);
                        Assert.All(Column("segment_ids")[start..end], segment => Assert.Equal(i + 1, segment));
                        int[] same = [X, .. own[1..lengths[i]].Select(token => weights[token] == 0 ? X : token)];
                        Assert.Equal(same, Column("labels")[start..end]);
                        Assert.Equal([.. same[1..], X], Column("shift_labels")[start..end]);
                        var counted = same.Count(label => label != X);
                        Assert.Equal([.. same[1..].Select(label => label == X ? 0 : 1f / counted), 0], loss[start..end]);
                        var rest = end..(i + 1 < lengths.Length ? padded[i + 1] : Capacity);
                        Assert.All(ids[rest], token => Assert.Equal(Eos, token));
                        Assert.All(Column("labels")[rest], label => Assert.Equal(X, label));
                        Assert.All(Column("segment_ids")[rest], segment => Assert.Equal(0, segment));
                    }
                    Assert.Equal(Column("segment_ids"), Column("attention_mask"));
                }
        }
        Assert.Equal(
            Documents.Where(tokens => tokens.Length > 0) // empty ones get no token either
                .SelectMany(tokens => ((int[])[.. tokens, Eos])[..Math.Min(tokens.Length + 1, Capacity)]).Order(),
            seen.Order());
        Assert.Contains("data-00000-of-", File.ReadAllText(_folder["out/state.json"]), StringComparison.Ordinal);
        Assert.Contains("\"input_ids\":{\"feature\":{\"dtype\":\"int32\",\"_type\":\"Value\"},\"_type\":\"List\"}",
            File.ReadAllText(_folder["out/dataset_info.json"]), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Success, _folder.Run("verify", "@out").Code);
    }

    [Fact]
    public void LongAlign_weighs_every_document_by_packs_over_documents()
    {
        var manifest = _folder.Pack(
            "out", "@documents.jsonl", "--to", "trl", "--capacity", $"{Capacity}", "--loss-weights", "long-align", "--columns", "input_ids",
            "seq_lengths", "loss_weights");
        var rows = Query($"SELECT seq_lengths, loss_weights FROM '{_folder["out"]}/*.parquet'", row =>
            (Lengths: Ints(row[0]), Weights: ((IEnumerable<float>)row[1]).ToArray()));
        var scale = manifest.Packs / (double)manifest.Pieces;
        foreach (var (lengths, weights) in rows)
            for (var (i, start) = (0, 0); i < lengths.Length; start += lengths[i++])
                Assert.Equal(lengths[i] > 1 ? scale : 0, weights[start..(start + lengths[i])].Sum(weight => (double)weight), 5);
    }

    [Fact]
    public void Datasets_itself_loads_the_folder_where_it_is_installed()
    {
        _folder.Pack("out", "@documents.jsonl", "--to", "arrow", "--capacity", $"{Capacity}");
        var script = "import datasets,sys; d=datasets.load_from_disk(sys.argv[1]); print(len(d), sum(len(r) for r in d['input_ids']))";
        using var python = Python.Start(script, _folder["out"]);
        var printed = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.SkipUnless(python.ExitCode == 0, "Python has no datasets here.");
        var manifest = JobFolder.Finished(_folder["out"])!;
        Assert.Equal($"{manifest.Packs} {manifest.Tokens}\n", printed);
    }

    [Theory]
    [InlineData("trl", "--align", "8", "TRL's rows have no padding")]
    [InlineData("megatron-bridge", "--align", "8", "--align needs --eos or --pad")]
    [InlineData("megatron-bridge", "--columns", "input_ids", "Megatron-Bridge reads its own columns")]
    [InlineData("megatron-bridge", "--loss-weights", "document", "Megatron-Bridge takes a mask")]
    [InlineData("megatron-bridge", "--allow-empty", "true", "Megatron-Bridge has no rows without a sequence")]
    [InlineData("olmo", "--eos", "5", "OLMo-core reads tokens from its own files")]
    [InlineData("arrow", "--cu-count", "1", "--cu-count 1: a pack has")]
    public void What_a_trainer_cannot_read_is_refused(string target, string option, string value, string reason)
    {
        string[] columns = option == "--cu-count" ? ["--columns", "input_ids", "cu_seqlens"] : [];
        var (code, _, error) = _folder.Run(["pack", "@documents.jsonl", "--to", target, option, value, "--out", "@out", .. columns]);
        Assert.Equal(CommandLine.BadInput, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private static Dictionary<int, int> WeightOfToken() =>
        Documents.Zip(Masks).SelectMany(pair => pair.First.Zip(pair.Second)).ToDictionary(pair => pair.First, pair => pair.Second);

    private static List<T> Query<T>(string sql, Func<object[], T> read)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        List<T> all = [];
        while (rows.Read())
        {
            var values = new object[rows.FieldCount];
            rows.GetValues(values);
            all.Add(read(values));
        }
        return all;
    }

    private static int[] Ints(object list) => list switch
    {
        IEnumerable<int> ints => [.. ints],
        IEnumerable<sbyte> bytes => [.. bytes.Select(value => (int)value)],
        _ => throw new NotSupportedException(list.GetType().FullName),
    };
}
