using System.Buffers;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Memory;

namespace PackingKit.Samples.Training;

/// <summary>Arrow files in the stream format, as save_to_disk writes them, or in the file format. Memory is one record batch.</summary>
internal sealed class ArrowReader : IDocumentReader
{
    public bool Reads(string path, InputSettings settings) => path.EndsWith(".arrow", StringComparison.OrdinalIgnoreCase);

    public void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        using var stream = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[6];
        var isFile = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("ARROW1"u8);
        stream.Position = 0;
        try
        {
            var allocator = new FileAllocator(stream.Length);
            using var reader = isFile ? new ArrowFileReader(stream, allocator) : new ArrowStreamReader(stream, allocator);
            var documents = new ArrowDocuments(settings);
            while (reader.ReadNextRecordBatch() is { } batch)
                using (batch)
                    documents.Read(batch, sink);
        }
        catch (Exception bad) when (bad is InvalidDataException or ArgumentException or IndexOutOfRangeException
            or InvalidOperationException or OverflowException or NotSupportedException or NullReferenceException or InvalidCastException
            or KeyNotFoundException or NotImplementedException
            || bad.GetType() == typeof(Exception)) // as Apache.Arrow throws it of types that it does not know
        {
            throw new FormatException($"This is no whole Arrow file: {bad.Message}", bad);
        }
    }

    /// <summary>Memory for what a file holds: what a damaged length promises beyond that is not taken.</summary>
    private sealed class FileAllocator(long fileLength) : MemoryAllocator
    {
        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            if (length > fileLength)
                throw new InvalidDataException($"A batch of {length} bytes is named in a file of {fileLength}.");
            bytesAllocated = length;
            return Default.Value.Allocate(length);
        }
    }
}
