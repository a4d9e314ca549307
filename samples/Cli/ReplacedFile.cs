namespace PackingKit.Cli;

/// <summary>A file that is written beside the one it replaces: whoever looks sees the old one or the whole new one.</summary>
/// <remarks>
/// Links are followed, and the new file has the mode of the old one. What is there and has no length - a pipe, a device, an empty
/// file - is written in place: it has nothing to lose, and must not become a file.
/// </remarks>
internal sealed class ReplacedFile : IDisposable
{
    private readonly string _path;
    private readonly string? _partial;
    private bool _isDone;

    /// <summary>Opens it, so that a place that cannot be written to is found before any work.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written, or is a folder.</exception>
    public ReplacedFile(string path)
    {
        if (Directory.Exists(path))
            throw new UnauthorizedAccessException($"'{path}' is a folder.");
        _path = RealPath(path);
        if (IsEmptyOrNoFile())
        {
            _path = path; // as the system follows it
            Writer = new StreamWriter(new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
            return;
        }
        _partial = Path.Combine(Path.GetDirectoryName(_path)!, $"{Path.GetRandomFileName()}.part");
        Writer = new StreamWriter(new FileStream(_partial, FileMode.CreateNew, FileAccess.Write));
        if (!OperatingSystem.IsWindows() && File.Exists(_path))
            File.SetUnixFileMode(_partial, File.GetUnixFileMode(_path));
    }

    public StreamWriter Writer { get; }

    /// <summary>Whether anything was written; that which is written in place is always kept.</summary>
    public bool HasText
    {
        get
        {
            Writer.Flush();
            return _partial is null || Writer.BaseStream.Length > 0;
        }
    }

    /// <summary>Where a path leads when all links on it are followed: the same for the same file, there or not.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } folder)
            return full;
        full = Path.Combine(RealPath(folder), Path.GetFileName(full));
        return new FileInfo(full).LinkTarget is null ? full : RealPath(File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName);
    }

    /// <summary>Puts it in its place. Without this it is as if nothing had been written.</summary>
    public void Replace()
    {
        Writer.Dispose();
        if (_partial is not null)
            File.Move(_partial, _path, overwrite: true);
        _isDone = true;
    }

    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        finally
        {
            if (_partial is not null)
                File.Delete(_partial); // it is not there where it took its place
            else if (!_isDone && new FileInfo(_path).Length > 0)
                new FileStream(_path, FileMode.Truncate).Dispose(); // a file that was empty
        }
    }

    /// <summary>What a process has open, such as /dev/stdout, is a link in /proc that leads to no path.</summary>
    private bool IsEmptyOrNoFile() =>
        _path.StartsWith("/proc/", StringComparison.Ordinal) || (File.Exists(_path) && new FileInfo(_path).Length == 0);
}
