using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace PackingKit.Samples.Training;

/// <summary>Rows as Parquet, a row group each, with checksums of pages.</summary>
internal sealed class ParquetRows : IRowWriter
{
    private readonly WriterProperties _properties;
    private readonly FileWriter _writer;

    public ParquetRows(Stream stream, Schema schema)
    {
        using var builder = new WriterPropertiesBuilder();
        // Tokens are too many for a dictionary, and masks too few to need one; zstd halves what is left of their bits.
        _properties = builder.DisableDictionary().Compression(Compression.Zstd).CompressionLevel(1).EnablePageChecksum().Build();
        _writer = new FileWriter(stream, schema, _properties, leaveOpen: true);
    }

    public void Write(RecordBatch rows) => _writer.WriteRecordBatch(rows, rows.Length);

    public void Close() => _writer.Close();

    public void Dispose()
    {
        _writer.Dispose();
        _properties.Dispose();
    }
}
