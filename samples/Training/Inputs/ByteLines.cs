namespace PackingKit.Samples.Training;

/// <summary>The lines of a stream as bytes, one at a time. Memory: the longest line, twice at most.</summary>
internal sealed class ByteLines(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <returns>Whether there was one more line; it is good until the next call.</returns>
    /// <exception cref="FormatException">The line is longer than memory for it.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int length;
        while ((length = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n')) < 0 && !_isAtEnd)
            Fill();
        var isLast = length < 0;
        line = _buffer.AsSpan(_start, isLast ? _end - _start : length);
        _start = isLast ? _end : _start + length + 1;
        Number++;
        return !isLast || !line.IsEmpty;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (MemoryNeed.Refusal(2L * _buffer.Length, 2) is not null)
                throw new FormatException($"The line has more than {_buffer.Length:N0} bytes, for which there is no memory.");
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isAtEnd = read == 0;
    }
}
