using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace PackingKit.Attention;

/// <summary>
/// The vectors of a text's tokens, as the encoder gave them, each with the characters that it stands for; they are those that
/// <see cref="EmbeddingPooling.Mean"/> counts, so that an instruction is not among them. For late chunking, where the whole text is encoded
/// once and any part of it is pooled afterwards, and for models that compare token by token.
/// </summary>
/// <remarks>Never normalized: a mean is of the vectors as they are. Immutable and thread-safe.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class TokenEmbeddings : Embedding
{
    private readonly int[] _ids;
    private readonly Range[] _spans;
    private readonly ReadOnlyMemory<float> _values;
    private readonly int _dimensions;
    private readonly bool _normalize;

    private TokenEmbeddings(string text, int[] ids, Range[] spans, ReadOnlyMemory<float> values, bool normalize)
    {
        (Text, _ids, _spans, _values, _normalize) = (text, ids, spans, values, normalize);
        _dimensions = values.Length / ids.Length;
    }

    /// <summary>What the chunks of a text gave, each with a row for every token.</summary>
    internal static TokenEmbeddings Of(string text, TextSequence[] chunks, bool normalize)
    {
        var dimensions = chunks[0].Rows.Length / chunks[0].Ids.Length;
        var values = Array.ConvertAll(chunks, chunk => chunk.Rows[(chunk.Unpooled * dimensions)..]);
        return new TokenEmbeddings(
            text,
            [.. chunks.SelectMany(chunk => chunk.Ids.Skip(chunk.Unpooled))],
            [.. chunks.SelectMany(chunk => chunk.Spans)],
            values is [var whole] ? whole : values.SelectMany(part => part.ToArray()).ToArray(),
            normalize);
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Number of tokens, at least 1.</summary>
    public int Count => _ids.Length;

    /// <summary>Elements of a token's vector.</summary>
    public override int Dimensions => _dimensions;

    /// <summary>Token IDs; of a text in chunks those of all chunks, one after the other.</summary>
    public ReadOnlyMemory<int> Ids => _ids;

    /// <summary>
    /// For each token the characters of <see cref="Text"/> that it stands for, ascending, without white space around them; empty for
    /// tokens that stand for none, such as those of prefix and suffix. Tokens that are bytes of one character all have it.
    /// </summary>
    public ReadOnlyMemory<Range> Spans => _spans;

    /// <summary>All vectors, [tokens, dimensions], one after the other.</summary>
    public ReadOnlyMemory<float> Values => _values;

    /// <summary>A token's vector.</summary>
    /// <param name="token">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="token"/> is outside that range.</exception>
    public ReadOnlyMemory<float> this[int token]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(token);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Count);
            return _values.Slice(token * _dimensions, _dimensions);
        }
    }

    /// <summary>
    /// The embedding of a part of the text, as seen within the whole: the mean of the tokens that have a character in it, normalized where
    /// the generator normalizes. O(tokens of the text + tokens of the part x dimensions).
    /// </summary>
    /// <param name="characters">The part; <c>..</c> for the whole text.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the text.</exception>
    /// <exception cref="ArgumentException">No token has a character in it.</exception>
    public Embedding<float> Pool(Range characters)
    {
        var (start, end) = (characters.Start.GetOffset(Text.Length), characters.End.GetOffset(Text.Length));
        if (start < 0 || end < start || end > Text.Length)
            throw new ArgumentOutOfRangeException(
                nameof(characters), characters, $"Characters {characters} do not lie in a text of {Text.Length}.");
        var inside = new List<(ReadOnlyMemory<float>, int)>();
        for (var token = 0; token < Count; token++)
        {
            var (first, last) = (_spans[token].Start.Value, _spans[token].End.Value);
            if (first < last && first < end && last > start)
                inside.Add((this[token], 1));
        }
        if (inside.Count == 0)
            throw new ArgumentException($"No token has a character of {characters}.", nameof(characters));
        var mean = Vectors.Mean(inside);
        if (_normalize)
            Vectors.Normalize(mean);
        return new Embedding<float>(mean) { ModelId = ModelId, CreatedAt = CreatedAt };
    }

    /// <summary>"14 tokens of 384 dimensions".</summary>
    public override string ToString() => $"{Count} tokens of {Dimensions} dimensions";
}
