using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using DuckDB.NET.Data;
using PackingKit.Samples.Training;

namespace PackingKit.Tests.Training;

/// <summary>The same documents in every format that is read.</summary>
internal static class DocumentFormats
{
    public const int End = 60_000;

    /// <summary>Each ends in the end-of-document token, which raw arrays need.</summary>
    public static int[][] Written { get; } =
        [.. TrainingFolder.Documents(60, seed: 9, maxLength: 40).Select(tokens => (int[])[.. tokens, End])];

    /// <summary>A file of each format in a folder, and what its reader must be told.</summary>
    public static IEnumerable<(string Name, InputSettings Options, Action<string> Write)> All(TrainingFolder folder)
    {
        var plain = new InputSettings();
        var toEnds = plain with { EndOfDocument = End };
        yield return ("documents.jsonl", plain, path => folder.WriteLines(Path.GetFileName(path), Written));
        foreach (var type in (string[])["INTEGER", "BIGINT", "USMALLINT"])
            yield return ($"{type}.parquet", plain, path => Query($"COPY (SELECT * FROM (VALUES "
                + string.Join(',', Written.Select(document => $"([{string.Join(',', document)}]::{type}[])"))
                + $") t(input_ids)) TO '{path}'"));
        yield return ("stream.arrow", plain, WriteArrow);
        yield return ("tokens.npy", toEnds, WriteNpy);
        yield return ("raw.npy", toEnds, WriteShorts);
        yield return ("raw.bin", toEnds with { TokenType = "int32" }, path =>
            File.WriteAllBytes(path, MemoryMarshal.AsBytes(Tokens.AsSpan()).ToArray()));
        yield return ("ranges.bin", plain with { Ranges = folder["ranges.csv"] }, path => WriteRanges(path, folder["ranges.csv"]));
        yield return ("megatron.idx", plain, WriteMegatron);
        yield return ("tokens.ds.index", plain, WriteDatatrove);
    }

    public static int[] Tokens { get; } = [.. Written.SelectMany(document => document)];

    private static int[] Ends { get; } = [.. Written.Select((_, i) => Written.Take(i + 1).Sum(document => document.Length))];

    private static void WriteNpy(string path)
    {
        using var file = File.Create(path);
        Npy.Write<ushort>(file, [.. Tokens.Select(token => (ushort)token)]);
    }

    private static void WriteRanges(string path, string ranges)
    {
        WriteShorts(path);
        File.WriteAllLines(ranges, ["start,end", .. Ends.Zip(Written, (end, document) => $"{end - document.Length},{end}")]);
    }

    private static void WriteMegatron(string path)
    {
        WriteShorts(Path.ChangeExtension(path, ".bin"));
        using var file = new BinaryWriter(File.Create(path));
        file.Write("MMIDIDX\0\0"u8);
        file.Write(1L);
        file.Write((byte)8);
        file.Write((long)Written.Length);
        file.Write((long)Written.Length + 1);
        foreach (var document in Written)
            file.Write(document.Length);
        foreach (var (end, document) in Ends.Zip(Written))
            file.Write(2L * (end - document.Length));
        for (var document = 0L; document <= Written.Length; document++)
            file.Write(document);
    }

    private static void WriteDatatrove(string path)
    {
        WriteShorts(path[..^".index".Length]);
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(Ends.Select(end => (ulong)end).ToArray().AsSpan()).ToArray());
    }

    public static void WriteShorts(string path) =>
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(Tokens.Select(token => (ushort)token).ToArray().AsSpan()).ToArray());

    private static void WriteArrow(string path)
    {
        var rows = new ListArray.Builder(Int64Type.Default);
        foreach (var document in Written)
        {
            rows.Append();
            ((Int64Array.Builder)rows.ValueBuilder).AppendRange(document.Select(token => (long)token));
        }
        var column = rows.Build();
        var schema = new Schema([new Field("input_ids", column.Data.DataType, true)], null);
        using var stream = File.Create(path);
        using var writer = new Apache.Arrow.Ipc.ArrowStreamWriter(stream, schema);
        writer.WriteRecordBatch(new RecordBatch(schema, [column], Written.Length));
        writer.WriteEnd();
    }

    /// <summary>Runs a statement of DuckDB, which writes Parquet.</summary>
    public static void Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
