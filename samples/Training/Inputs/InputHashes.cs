using System.Security.Cryptography;
using System.Text.Json;

namespace PackingKit.Samples.Training;

/// <summary>Tells whether two runs are the same: by the content of what they read and by their settings, not by names of folders.</summary>
internal static class InputHashes
{
    /// <summary>Every file that decides the result, with its content's hash.</summary>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    public static ValueList<SourceFile> Of(IEnumerable<string> files, PackSettings settings, bool wantsTokens)
    {
        string?[] more = [settings.Input.Ranges, settings.Input.Tokenizer];
        return
        [
            .. files.SelectMany(file => DocumentReaders.FilesOf(file, settings.Input, wantsTokens))
                .Concat(more.Where(File.Exists).Select(file => file!)).Select(Of),
        ];
    }

    public static string Fingerprint(IEnumerable<SourceFile> sources, PackSettings settings)
    {
        var content = new
        {
            Settings = settings with { Inputs = [] },
            Sources = sources.Select(source => (object[])[source.Bytes, source.Hash]).ToArray(),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, Manifest.Json)));
    }

    private static SourceFile Of(string path)
    {
        try
        {
            return new SourceFile(Path.GetFileName(path), new FileInfo(path).Length, Checksums.OfFile(path));
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"{path}: {Messages.OfFile(path, bad)}", bad);
        }
    }
}
