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

    private readonly PackSettings _settings;
    private readonly bool _takesWeights;
    private readonly FileStream _tokenFile;
    private readonly FileStream? _weightFile;
    private readonly ChecksumStream _tokens;
    private readonly ChecksumStream? _weights;

    public TokenSpool(string tokens, string? weights, PackSettings settings)
    {
        (_settings, _takesWeights) = (settings, OutputTargets.Named(settings.To).TakesWeights(settings));
        Lengths = new LengthList { Frame = settings.Frame };
        _tokens = new ChecksumStream(_tokenFile = Create(tokens));
        if (weights is not null)
            _weights = new ChecksumStream(_weightFile = Create(weights));
    }

    public LengthList Lengths { get; }

    public bool WantsTokens => true;

    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights)
    {
        if (!_takesWeights && FirstFraction(weights) is var fraction and >= 0)
            throw new FormatException($"Weight {fraction} of '{_settings.Input.WeightField}' is {weights[fraction]}, and these rows have "
                + "only a mask, 0 or 1: take --to trl or arrow with --columns input_ids shift_labels seq_lengths loss_weights.");
        Lengths.AddLength(tokens.Length);
        if (tokens.IsEmpty)
            return;
        Write(_tokens, tokens, _settings.Bos, _settings.Eos);
        if (_weights is not null)
            Write(_weights, weights, _settings.Bos is null ? null : 0f, _settings.Eos is null ? null : 1f);
    }

    public void AddLength(long length) =>
        throw new FormatException("There is only the number of tokens here; without the tokens, only --to index and olmo can be written.");

    /// <summary>Puts everything on the disk, the lengths too.</summary>
    /// <returns>Checksums of each file.</returns>
    public Dictionary<string, string[]> Complete(JobFolder folder)
    {
        _tokenFile.Flush(flushToDisk: true);
        _weightFile?.Flush(flushToDisk: true);
        var blocks = new Dictionary<string, string[]> { [SpoolRecord.Tokens] = [.. _tokens.Blocks] };
        if (_weights is not null)
            blocks[SpoolRecord.Weights] = [.. _weights.Blocks];
        folder.WriteWhole(SpoolRecord.Lengths, stream =>
        {
            using var sums = new ChecksumStream(stream);
            ArrayFile.Write(sums, Lengths.Memory.Span);
            blocks[SpoolRecord.Lengths] = [.. sums.Blocks];
        });
        return blocks;
    }

    public void Dispose()
    {
        _tokenFile.Dispose();
        _weightFile?.Dispose();
        _tokens.Dispose();
        _weights?.Dispose();
    }

    private static int FirstFraction(ReadOnlySpan<float> weights)
    {
        for (var i = 0; i < weights.Length; i++)
            if (weights[i] is not (0 or 1))
                return i;
        return -1;
    }

    private static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize);

    private static void Write<T>(ChecksumStream stream, ReadOnlySpan<T> values, T? before, T? after)
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
