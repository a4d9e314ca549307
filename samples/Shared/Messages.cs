namespace PackingKit.Samples;

/// <summary>What a command says beside its output.</summary>
internal static class Messages
{
    private const int MaxLength = 600;

    /// <summary>Writes a line where somebody listens; where the stream is closed or full, the exit code has to do.</summary>
    public static void Say(this TextWriter error, string message)
    {
        try
        {
            error.WriteLine(message);
        }
        catch (Exception failure) when (IsOfStream(failure))
        {
        }
    }

    /// <summary>The message without its middle where it is long: a reader of JSON may quote all that follows a mistake.</summary>
    public static string Shortened(string message) => message.Length <= MaxLength ? message
        : $"{message[..(MaxLength / 2)]}...{message[^(MaxLength / 2)..]}";

    /// <summary>The message of an argument's exception for somebody who sees no argument.</summary>
    public static string WithoutParameter(ArgumentException bad) => bad.Message.Split(" (Parameter")[0];

    /// <summary>Why a file cannot be read; the system says of a folder only that access is denied.</summary>
    public static string OfFile(string path, Exception failure) =>
        failure is UnauthorizedAccessException && Directory.Exists(path) ? "It is a folder, not a file." : failure.Message;

    /// <summary>Whether a stream cannot be written to: a full disk, or one that is closed.</summary>
    public static bool IsOfStream(Exception failure) => failure is IOException or UnauthorizedAccessException or ObjectDisposedException;
}
