namespace PackingKit.Tests;

/// <summary>A stream that refuses everything written to it.</summary>
internal sealed class FullDisk : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) => throw new IOException("full");

    public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("full");
}
