namespace PackingKit.Cli;

/// <summary>A file that is written beside the one it replaces: whoever looks sees the old one or the whole new one.</summary>
internal sealed class ReplacedFile : IDisposable
{
    private readonly string _path, _partial;

    /// <summary>Opens it, so that a place that cannot be written to is found before any work.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written, or is a folder.</exception>
    public ReplacedFile(string path)
    {
        if (Directory.Exists(path))
            throw new UnauthorizedAccessException($"'{path}' is a folder.");
        (_path, _partial) = (path, $"{path}.part");
        Writer = new StreamWriter(_partial);
    }

    public StreamWriter Writer { get; }

    /// <summary>Puts it in its place. Without this it is as if nothing had been written.</summary>
    public void Replace()
    {
        Writer.Dispose();
        File.Move(_partial, _path, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        finally
        {
            File.Delete(_partial); // it is not there where it took its place
        }
    }
}
