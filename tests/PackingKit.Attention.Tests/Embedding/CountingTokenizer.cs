using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace PackingKit.Attention.Tests;

/// <summary>One token a letter, and the number of those that were asked for.</summary>
internal sealed class CountingTokenizer : Tokenizer
{
    public int Tokens { get; private set; }

    public bool StopsShort { get; set; }

    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var whole = text is null ? textSpan : text;
        var count = Math.Min(whole.Length, settings.MaxTokenCount);
        if (StopsShort && count < whole.Length)
            count = Math.Max(0, count - 2);
        Tokens += count;
        int[] ids = [.. Enumerable.Repeat(5, count)];
        return new EncodeResults<int> { Tokens = ids, CharsConsumed = count };
    }

    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        throw new NotSupportedException();

    public override OperationStatus Decode(
        IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) => throw new NotSupportedException();
}
