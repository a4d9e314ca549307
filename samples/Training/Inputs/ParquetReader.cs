using ParquetSharp;
using ParquetSharp.Arrow;

namespace PackingKit.Samples.Training;

/// <summary>Parquet: a column of lists of tokens, of lengths, or of text. Memory is one batch of rows.</summary>
internal sealed class ParquetReader : IDocumentReader
{
    private const int RowsAtOnce = 4096;

    public bool Reads(string path, InputSettings settings) =>
        path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".pq", StringComparison.OrdinalIgnoreCase);

    public void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        try
        {
            using var properties = ArrowReaderProperties.GetDefault();
            properties.BatchSize = RowsAtOnce;
            properties.PreBuffer = false; // which would hold the whole file
            using var checks = ReaderProperties.GetDefaultReaderProperties();
            checks.EnablePageChecksumVerification(); // of files that have them
            checks.EnableBufferedStream();
            using var reader = new FileReader(path, checks, properties);
            var documents = new ArrowDocuments(settings);
            using var batches = reader.GetRecordBatchReader(columns: Leaves(reader, settings));
            while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
                using (batch)
                    documents.Read(batch, sink);
        }
        catch (Exception bad) when (bad is ParquetException or InvalidOperationException or NotSupportedException or InvalidCastException
            || bad.GetType() == typeof(Exception)) // as Apache.Arrow throws it where the native reader stops
        {
            throw new FormatException($"This is no whole Parquet file: {bad.Message}", bad);
        }
    }

    /// <summary>The columns that are needed: the leaves below each field.</summary>
    private static int[] Leaves(FileReader reader, InputSettings settings)
    {
        List<int> leaves = [];
        foreach (var name in ArrowDocuments.Columns(settings))
        {
            var field = reader.SchemaManifest.SchemaFields.FirstOrDefault(field => field.Field.Name == name)
                ?? throw new FormatException(
                    $"There is no column '{name}', only {string.Join(", ", reader.Schema.FieldsList.Select(field => field.Name))}.");
            Collect(field);
        }
        return [.. leaves];

        void Collect(SchemaField field)
        {
            if (field.ColumnIndex >= 0)
                leaves.Add(field.ColumnIndex);
            foreach (var child in field.Children)
                Collect(child);
        }
    }
}
