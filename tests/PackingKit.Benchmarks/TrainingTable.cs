using System.Diagnostics;
using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using PackingKit.Samples.Training;
using ParquetSharp.Arrow;

namespace PackingKit.Benchmarks;

/// <summary>
/// Documents from Parquet to packed Parquet for TRL, and beside it the same library that reads the same file and writes the same columns
/// without packing: what a pipeline costs in any case.
/// </summary>
internal static class TrainingTable
{
    private const int Rounds = 3;

    /// <param name="options">--documents N; a million by default.</param>
    public static int Run(string[] options)
    {
        var documents = int.Parse(Arguments.Option(options, "--documents") ?? "1000000", CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("packingkit-training-").FullName;
        try
        {
            var input = Path.Combine(folder, "documents.parquet");
            WriteDocuments(input, SequenceLengths.LogNormal(documents, 42, 400, 1, 2048));
            Console.WriteLine($"{documents:N0} documents in {new FileInfo(input).Length / 1e6:N0} MB of Parquet");
            Console.WriteLine("| | elapsed s | processor s | of it packing s |");
            Console.WriteLine("|---|---:|---:|---:|");
            for (var round = 0; round < Rounds; round++)
            {
                Measure("read and written alone", () =>
                {
                    Copy(input, Path.Combine(folder, "copy.parquet"));
                    return default;
                });
                Measure("packed for TRL", () =>
                {
                    var settings = new PackSettings { Inputs = [input], To = "trl" };
                    return new PackJob(settings, (_, _) => { }).Run(Path.Combine(folder, $"packed-{round}")).Times;
                });
            }
            Console.WriteLine($"largest resident set {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string name, Func<PackTimes> work)
    {
        GC.Collect();
        var (watch, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        var times = work();
        var used = Process.GetCurrentProcess().TotalProcessorTime - before;
        Console.WriteLine(
            $"| {name} | {watch.Elapsed.TotalSeconds:N1} | {used.TotalSeconds:N1} | {times.Packing.TotalSeconds:N2} |");
    }

    private static void Copy(string input, string output)
    {
        using var properties = ArrowReaderProperties.GetDefault();
        properties.BatchSize = 4096;
        properties.PreBuffer = false;
        using var reader = new FileReader(input, null, properties);
        using var batches = reader.GetRecordBatchReader();
        using var stream = File.Create(output);
        var columns = ((string[])["input_ids", "labels", "seq_lengths"]).Select(PackColumns.Named).ToArray();
        var schema = new Schema(columns.Select(column => column.Field), null);
        using var writer = new ParquetRows(stream, schema);
        while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
            using (batch)
            {
                var tokens = (ListArray)batch.Column(0);
                var lengths = new ListArray.Builder(Int32Type.Default);
                var values = (Int32Array.Builder)lengths.ValueBuilder;
                for (var row = 0; row < batch.Length; row++)
                {
                    lengths.Append();
                    values.Append(tokens.GetValueLength(row));
                }
                writer.Write(new RecordBatch(schema, [tokens, tokens, lengths.Build()], batch.Length));
            }
        writer.Close();
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Tokens of a vocabulary of 50,000 in which small numbers are frequent, as in real ones.</summary>
    private static void WriteDocuments(string path, int[] lengths)
    {
        var column = PackColumns.Named("input_ids");
        using var stream = File.Create(path);
        using var writer = new ParquetRows(stream, new Schema([column.Field], null));
        var random = new Random(7);
        foreach (var chunk in lengths.Chunk(10_000))
        {
            var rows = new ListArray.Builder(Int32Type.Default);
            var values = (Int32Array.Builder)rows.ValueBuilder;
            foreach (var length in chunk)
            {
                rows.Append();
                for (var token = 0; token < length; token++)
                    values.Append((int)Math.Exp(random.NextDouble() * Math.Log(50_000)));
            }
            writer.Write(new RecordBatch(new Schema([column.Field], null), [rows.Build()], chunk.Length));
        }
        writer.Close();
    }
}
