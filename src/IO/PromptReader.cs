using System.Text.Json;

namespace PackingKit;

/// <summary>Reads prompts from JSON lines: token IDs, or hashes of blocks as servers log them.</summary>
/// <remarks>
/// <para>A line is <c>{"token_ids": [1, 2, 3]}</c>, or <c>{"input_length": 700, "hash_ids": [17, 18]}</c> with one whole number a block,
/// where equal numbers stand for equal tokens from the start of the prompt to the end of the block (the layout of the Mooncake traces).
/// Other fields are not looked at. All lines of a file are of one kind. Blank lines and lines that begin with <c>#</c> are skipped.</para>
/// <para>Memory: four bytes a token ID, eight a hash.</para>
/// </remarks>
public static class PromptReader
{
    private const string TokenIds = "token_ids", HashIds = "hash_ids", InputLength = "input_length";

    /// <summary>Tokens in a block of the Mooncake traces.</summary>
    public const int DefaultBlockSize = 512;

    /// <summary>Reads all prompts. O(characters).</summary>
    /// <param name="reader">The text; read to its end, not disposed.</param>
    /// <param name="blockSize">Tokens in a block, at least 1; a prompt's last block may have fewer.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blockSize"/> is below 1.</exception>
    /// <exception cref="SizeFormatException">A line is no such prompt: the exception has the line, and names the field.</exception>
    public static PromptList Read(TextReader reader, int blockSize = DefaultBlockSize)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        List<int[]> tokenIds = [];
        List<BlockPrompt> blocks = [];
        List<int> lines = [];
        foreach (var (number, text) in TextLines.Read(reader))
        {
            try
            {
                using var line = JsonDocument.Parse(text);
                if (line.RootElement.ValueKind != JsonValueKind.Object)
                    throw new FormatException("A prompt is a JSON object.");
                var hasTokens = line.RootElement.TryGetProperty(TokenIds, out var tokens);
                if (hasTokens ? blocks.Count > 0 : tokenIds.Count > 0)
                    throw new FormatException($"This prompt is given by {(hasTokens ? TokenIds : HashIds)}, those before it are not.");
                if (hasTokens)
                    tokenIds.Add(Tokens(tokens));
                else
                    blocks.Add(Blocks(line.RootElement, blockSize));
            }
            catch (Exception bad) when (bad is JsonException or ArgumentException or InvalidOperationException) // half surrogate pairs
            {
                throw new SizeFormatException(number, $"This is no line of JSON: {Excerpt.OfMessage(bad.Message)}");
            }
            catch (FormatException bad)
            {
                throw new SizeFormatException(number, bad.Message);
            }
            lines.Add(number);
        }
        return new PromptList(tokenIds, blocks, blockSize, [.. lines]);
    }

    private static int[] Tokens(JsonElement field)
    {
        var tokens = Numbers(field, TokenIds, "a whole number of 32 bits", static (JsonElement entry, out int value) =>
            entry.TryGetInt32(out value));
        return tokens.Length > 0 ? tokens : throw new FormatException($"The field {TokenIds} is empty; a prompt has at least one token.");
    }

    private static BlockPrompt Blocks(JsonElement prompt, int blockSize)
    {
        if (!prompt.TryGetProperty(HashIds, out var field))
            throw new FormatException($"The field {HashIds} is missing, and so is {TokenIds}.");
        if (!prompt.TryGetProperty(InputLength, out var length))
            throw new FormatException($"The field {InputLength} is missing.");
        if (length.ValueKind != JsonValueKind.Number || !length.TryGetInt32(out var tokens) || tokens < 1)
            throw new FormatException($"The field {InputLength} is not a whole number from 1 to {int.MaxValue}.");
        var hashes = Numbers(field, HashIds, "a whole number of 64 bits", static (JsonElement entry, out long value) =>
            entry.TryGetInt64(out value));
        var needed = Integers.CeilingDivide(tokens, blockSize);
        return hashes.Length == needed ? new BlockPrompt(tokens, hashes) : throw new FormatException(
            $"The field {HashIds} has {hashes.Length} entries, and {tokens} tokens take {needed} blocks of {blockSize}.");
    }

    private delegate bool TryGet<T>(JsonElement entry, out T value);

    private static T[] Numbers<T>(JsonElement field, string name, string kind, TryGet<T> tryGet)
    {
        if (field.ValueKind != JsonValueKind.Array)
            throw new FormatException($"The field {name} is no list.");
        var numbers = new T[field.GetArrayLength()];
        var at = 0;
        foreach (var entry in field.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Number || !tryGet(entry, out numbers[at]))
                throw new FormatException($"Entry {at} of the field {name} is not {kind}.");
            at++;
        }
        return numbers;
    }
}
