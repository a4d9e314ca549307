using Microsoft.ML.Tokenizers;

namespace PackingKit.Samples.Training;

/// <summary>Makes tokens of text, with a tokenizer of Microsoft.ML.Tokenizers.</summary>
internal sealed class TextTokenizer
{
    private readonly Tokenizer _tokenizer;

    private TextTokenizer(Tokenizer tokenizer) => _tokenizer = tokenizer;

    /// <returns><see langword="null"/> where documents come as tokens.</returns>
    /// <exception cref="FormatException">There is no such tokenizer.</exception>
    public static TextTokenizer? Of(InputSettings settings)
    {
        if (settings.TextField is null)
            return null;
        var name = settings.Tokenizer ?? throw new FormatException("--text needs --tokenizer, a name or files.");
        try
        {
            return new TextTokenizer(Open(name));
        }
        catch (Exception bad) when (bad is IOException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new FormatException($"--tokenizer {name}: {bad.Message}", bad);
        }
    }

    public IReadOnlyList<int> Encode(string text) =>
        _tokenizer.EncodeToIds(text, considerPreTokenization: true, considerNormalization: true);

    private static Tokenizer Open(string name)
    {
        if (Directory.Exists(name))
            return File.Exists(Path.Combine(name, "merges.txt")) ? OpenMerges(name)
                : Open(Path.Combine(name, File.Exists(Path.Combine(name, "vocab.txt")) ? "vocab.txt" : "tokenizer.model"));
        if (name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))
            return BertTokenizer.Create(name);
        if (!name.EndsWith(".model", StringComparison.OrdinalIgnoreCase))
            return TiktokenTokenizer.CreateForEncoding(name);
        using var model = File.OpenRead(name);
        return LlamaTokenizer.Create(model, addBeginOfSentence: false, addEndOfSentence: false);
    }

    private static CodeGenTokenizer OpenMerges(string folder)
    {
        using var vocabulary = File.OpenRead(Path.Combine(folder, "vocab.json"));
        using var merges = File.OpenRead(Path.Combine(folder, "merges.txt"));
        return CodeGenTokenizer.Create(vocabulary, merges, addPrefixSpace: false, addBeginOfSentence: false, addEndOfSentence: false);
    }
}
