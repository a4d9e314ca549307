namespace PackingKit.Samples.Training;

/// <summary>
/// .npy with a header: the number of tokens of each document; or, where it is said how documents end, an array of tokens.
/// </summary>
internal sealed class NpyReader : IDocumentReader
{
    public bool Reads(string path, InputSettings settings)
    {
        if (!path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            return false;
        using var stream = File.OpenRead(path);
        return !IsRaw(settings) || stream.ReadByte() == 0x93; // tokens may come in .npy files without a header, as OLMo's do
    }

    public void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        using var stream = File.OpenRead(path);
        var header = Npy.ReadHeader(stream);
        var type = new WholeNumbers(header.Width, header.IsSigned, header.IsBigEndian);
        if (header.Shape.Count != 1)
            throw new FormatException(
                $"The array has {header.Shape.Count} dimensions; wanted is one, with the number of tokens of each document.");
        if (IsRaw(settings))
        {
            TokenArray.Read(stream, type, header.Count, settings, sink);
            return;
        }
        if (header is { Width: 2, IsSigned: false })
            throw new FormatException("The array is of uint16, as arrays of tokens are; "
                + "lengths of documents must have another type, and tokens need --eod or --ranges.");
        (sink as LengthList)?.Reserve(header.Count);
        type.Read(stream, header.Count, sink.AddLengths);
    }

    private static bool IsRaw(InputSettings settings) => settings.EndOfDocument is not null || settings.Ranges is not null;
}
