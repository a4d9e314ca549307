namespace PackingKit.Samples.Training;

/// <summary>Tokens one after the other without any header, as OLMo's and nanotron's files are.</summary>
internal sealed class RawReader : IDocumentReader
{
    private static readonly string[] Endings = [".npy", ".bin", ".raw", ".ds"];

    public bool Reads(string path, InputSettings settings) =>
        Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    public void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        using var stream = File.OpenRead(path);
        var type = WholeNumbers.Named(settings.TokenType);
        if (stream.Length % type.Width != 0)
            throw new FormatException($"The file has {stream.Length} bytes, no whole number of {settings.TokenType}.");
        TokenArray.Read(stream, type, stream.Length / type.Width, settings, sink);
    }
}
