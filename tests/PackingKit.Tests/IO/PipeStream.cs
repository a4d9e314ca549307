namespace PackingKit.Tests.IO;

/// <summary>A stream that does not know its length, as that of an archive or a socket.</summary>
internal sealed class PipeStream(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();
}
