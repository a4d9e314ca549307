using System.IO.Hashing;

namespace PackingKit.Samples.Training;

/// <summary>Checksums of files: XXH3 of each block, so that a fault has a place, and XXH128 of a whole.</summary>
internal static class Checksums
{
    public const int BlockLength = 1 << 20;

    /// <summary>Of each block of a file, in hexadecimal.</summary>
    public static IEnumerable<string> Blocks(string path)
    {
        using var stream = File.OpenRead(path);
        var block = new byte[BlockLength];
        for (int read; (read = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)) > 0;)
            yield return Of(block.AsSpan(0, read));
    }

    public static string Of(ReadOnlySpan<byte> block) => Convert.ToHexStringLower(XxHash3.Hash(block));

    public static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockLength, FileOptions.SequentialScan);
        var hash = new XxHash128();
        hash.Append(stream);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}

/// <summary>Passes on what is written and takes the checksum of each block on its way.</summary>
internal sealed class ChecksumStream(Stream inner) : Stream
{
    private readonly XxHash3 _hash = new();
    private readonly List<string> _blocks = [];
    private int _inBlock;

    /// <summary>Checksums of all blocks, when everything is written.</summary>
    public ValueList<string> Blocks => _inBlock == 0 ? [.. _blocks] : [.. _blocks, Convert.ToHexStringLower(_hash.GetCurrentHash())];

    public override long Position { get => Length; set => throw new NotSupportedException(); }

    public override long Length => ((long)_blocks.Count * Checksums.BlockLength) + _inBlock;

    public override bool CanWrite => true;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        while (!buffer.IsEmpty)
        {
            var part = buffer[..Math.Min(buffer.Length, Checksums.BlockLength - _inBlock)];
            _hash.Append(part);
            _inBlock += part.Length;
            if (_inBlock == Checksums.BlockLength)
            {
                _blocks.Add(Convert.ToHexStringLower(_hash.GetHashAndReset()));
                _inBlock = 0;
            }
            buffer = buffer[part.Length..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
