namespace PackingKit.Samples.Training;

/// <summary>Keeps runs that write into one folder apart, by a file that only one of them can hold open. It stays, empty.</summary>
internal static class FolderLock
{
    private const string File = ".lock";

    /// <summary>Whether an entry of a folder is the lock, as runs leave it.</summary>
    public static bool Is(FileSystemInfo entry) => entry is FileInfo { Name: File, Length: 0 };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for other runs; the system gives the folder back where one of them is killed.</summary>
    /// <returns>To be disposed when the folder is written.</returns>
    /// <exception cref="IOException">The folder cannot be written to, or another run has held it for very long.</exception>
    public static FileStream Take(string folder)
    {
        for (var until = DateTime.UtcNow + Patience; ; Thread.Sleep(Pause))
        {
            try
            {
                return new FileStream(Path.Combine(folder, File), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (IsHeld(held) && DateTime.UtcNow < until)
            {
            }
        }
    }

    /// <summary>EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);
}
