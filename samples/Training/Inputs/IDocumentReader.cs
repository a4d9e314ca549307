namespace PackingKit.Samples.Training;

/// <summary>A file format that documents come in; one class each.</summary>
internal interface IDocumentReader
{
    /// <summary>Whether a file is of this format, by its name and the settings.</summary>
    bool Reads(string path, InputSettings settings);

    /// <summary>The file of the tokens, where it is another one.</summary>
    string? TokensOf(string path) => null;

    /// <summary>Hands over every document of a file, in order, in little memory.</summary>
    /// <exception cref="RowException">A row cannot be used.</exception>
    /// <exception cref="FormatException">The file as a whole cannot be used.</exception>
    void Read(string path, InputSettings settings, IDocumentSink sink);
}

/// <summary>A row of a file cannot be used; the message says why.</summary>
/// <param name="place">Such as "line 3" or "row 17".</param>
/// <param name="reason">Why.</param>
/// <param name="inner">What was thrown there.</param>
internal sealed class RowException(string place, string reason, Exception? inner = null) : FormatException($"{place}: {reason}", inner);
