namespace PackingKit.Samples.Training;

/// <summary>All formats, and the one that a file is of.</summary>
internal static class DocumentReaders
{
    /// <summary>The first that reads a file does; the last reads every file.</summary>
    private static readonly IDocumentReader[] All =
    [
        new JsonLinesReader(), new ParquetReader(), new ArrowReader(), new MegatronReader(), new DatatroveReader(),
        new NpyReader(), new RawReader(), new LengthTextReader(),
    ];

    /// <summary>The files that a file's documents come from.</summary>
    public static IEnumerable<string> FilesOf(string path, InputSettings settings, bool wantsTokens) =>
        wantsTokens && Of(path, settings).TokensOf(path) is { } tokens ? [path, tokens] : [path];

    /// <summary>Hands over every document of a file.</summary>
    /// <exception cref="BadInputException">The file cannot be read or used; the message says where and why.</exception>
    public static void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        try
        {
            Of(path, settings).Read(path, settings, sink);
        }
        catch (RowException bad)
        {
            throw new BadInputException($"{path}, {bad.Message}", bad);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            throw new BadInputException($"{path}: {Messages.OfFile(path, bad)}", bad);
        }
    }

    private static IDocumentReader Of(string path, InputSettings settings)
    {
        try
        {
            return All.First(reader => reader.Reads(path, settings));
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: {Messages.OfFile(path, bad)}", bad);
        }
    }
}
