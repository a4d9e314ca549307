using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace PackingKit.Samples.Training;

/// <summary>Rows in Arrow's stream format, a record batch each.</summary>
internal sealed class ArrowRows(Stream stream, Schema schema) : IRowWriter
{
    private readonly ArrowStreamWriter _writer = new(stream, schema, leaveOpen: true);

    public void Write(RecordBatch rows) => _writer.WriteRecordBatch(rows);

    public void Close()
    {
        _writer.WriteStart(); // of a file without rows
        _writer.WriteEnd();
    }

    public void Dispose() => _writer.Dispose();
}
