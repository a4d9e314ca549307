using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PackingKit.Samples.Training;

/// <summary>
/// The tokens of all documents in one scratch file, so that packs can take them in any order with little memory, whatever format they came
/// in.
/// </summary>
internal sealed class TokenSpool : IDocumentSink, IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly int? _bos;
    private readonly int? _eos;
    private readonly FileStream _tokens;
    private readonly FileStream? _weights;

    public TokenSpool(string tokens, string? weights, int? bos, int? eos)
    {
        (_bos, _eos) = (bos, eos);
        _tokens = Create(tokens);
        _weights = weights is null ? null : Create(weights);
    }

    public LengthList Lengths { get; } = new();

    public bool WantsTokens => true;

    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights)
    {
        var frame = (_bos is null ? 0 : 1) + (_eos is null ? 0 : 1);
        Lengths.AddLength(tokens.Length + frame);
        Write(_tokens, tokens, _bos, _eos);
        if (_weights is not null)
            Write(_weights, weights, _bos is null ? null : 0f, _eos is null ? null : 1f);
    }

    public void AddLength(long length) =>
        throw new FormatException("There is only the number of tokens here; without the tokens, only --to index and olmo can be written.");

    /// <summary>Everything is on the disk.</summary>
    public void Complete()
    {
        _tokens.Flush(flushToDisk: true);
        _weights?.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _weights?.Dispose();
    }

    private static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize);

    private static void Write<T>(FileStream stream, ReadOnlySpan<T> values, T? before, T? after)
        where T : unmanaged
    {
        if (before is { } first)
            stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in first)));
        stream.Write(MemoryMarshal.AsBytes(values));
        if (after is { } last)
            stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in last)));
    }
}

/// <summary>Reads a spool back, any run of any document.</summary>
internal sealed class TokenStore : IDisposable
{
    private readonly SafeFileHandle _tokens;
    private readonly SafeFileHandle? _weights;
    private readonly long[] _starts;

    /// <param name="tokens">File of the tokens.</param>
    /// <param name="weights">File of their weights, if any.</param>
    /// <param name="lengths">Tokens of each document, as they were added.</param>
    public TokenStore(string tokens, string? weights, ReadOnlySpan<int> lengths)
    {
        _tokens = File.OpenHandle(tokens, options: FileOptions.RandomAccess);
        _weights = weights is null ? null : File.OpenHandle(weights, options: FileOptions.RandomAccess);
        _starts = new long[lengths.Length];
        for (var document = 1; document < lengths.Length; document++)
            _starts[document] = _starts[document - 1] + lengths[document - 1];
    }

    public bool HasWeights => _weights is not null;

    public void ReadTokens(Piece piece, Span<int> tokens) => Read(_tokens, piece, tokens);

    public void ReadWeights(Piece piece, Span<float> weights) => Read(_weights!, piece, weights);

    public void Dispose()
    {
        _tokens.Dispose();
        _weights?.Dispose();
    }

    private void Read<T>(SafeFileHandle file, Piece piece, Span<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        for (var (at, done) = ((_starts[piece.Document] + piece.Start) * 4, 0); done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes[done..], at + done);
            done += read > 0 ? read : throw new IOException("The scratch file of the tokens is cut short.");
        }
    }
}
