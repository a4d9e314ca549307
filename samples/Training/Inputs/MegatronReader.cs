using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PackingKit.Samples.Training;

/// <summary>
/// Megatron's indexed data sets: X.idx has the lengths, X.bin the tokens, which are opened only where they are wanted. Reference:
/// megatron/core/datasets/indexed_dataset.py of NVIDIA/Megatron-LM.
/// </summary>
internal sealed class MegatronReader : IDocumentReader
{
    private const int HeaderLength = 34;

    private static ReadOnlySpan<byte> Magic => "MMIDIDX\0\0"u8;

    public bool Reads(string path, InputSettings settings) => path.EndsWith(".idx", StringComparison.OrdinalIgnoreCase);

    public string TokensOf(string path) => Path.ChangeExtension(path, ".bin");

    public void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        using var index = File.OpenRead(path);
        var header = new byte[HeaderLength];
        if (index.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !header.AsSpan().StartsWith(Magic))
            throw new FormatException("The file does not begin as Megatron's indices do.");
        if (BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(9)) is var version and not 1)
            throw new FormatException($"The version of the index is {version}, not 1.");
        var count = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(18));
        var documents = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(26));
        if (count < 0 || documents < 1 || HeaderLength + 12 * (Int128)count + 8 * (Int128)documents > index.Length)
            throw new FormatException($"The index names {count} sequences and {documents - 1} documents, for which it is too short.");
        if (count > Array.MaxLength)
            throw new FormatException($"The index has {count} sequences, more than an array holds.");
        var lengths = new List<long>(sink.WantsTokens ? (int)count : 0);
        (sink as LengthList)?.Reserve((int)count);
        new WholeNumbers(4, true).Read(index, count, run =>
        {
            if (sink.WantsTokens)
                lengths.AddRange(run);
            else
                sink.AddLengths(run);
        });
        if (sink.WantsTokens)
        {
            // Sequences lie in order and without gaps, as the builder writes them; the byte offsets say so.
            using var tokens = File.OpenRead(TokensOf(path));
            var type = TypeOf(header[17]);
            var place = 0L;
            var number = 0;
            new WholeNumbers(8, true).Read(index, count, run =>
            {
                foreach (var offset in run)
                {
                    if (offset != place)
                        throw new RowException($"sequence {number}", $"It starts at byte {offset} of the tokens, where {place} was due.");
                    place += lengths[number++] * type.Width;
                }
            });
            TokenArray.ReadLengths(tokens, type, lengths, sink);
        }
    }

    private static WholeNumbers TypeOf(byte code) => code switch
    {
        1 => new(1, false),
        2 => new(1, true),
        3 => new(2, true),
        4 => new(4, true),
        5 => new(8, true),
        8 => new(2, false),
        _ => throw new FormatException($"The tokens are of type {code}, not whole numbers."),
    };
}
