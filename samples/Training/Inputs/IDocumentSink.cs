namespace PackingKit.Samples.Training;

/// <summary>Takes documents in their order.</summary>
internal interface IDocumentSink
{
    /// <summary>Whether the tokens themselves are wanted; else their number will do.</summary>
    bool WantsTokens { get; }

    /// <param name="tokens">Tokens of one document.</param>
    /// <param name="weights">The weight of each in the loss; empty where all count the same.</param>
    /// <exception cref="FormatException">The document cannot be used.</exception>
    void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights);

    /// <summary>A document of which only the length is known.</summary>
    /// <exception cref="FormatException">Tokens are wanted, or no document is so long.</exception>
    void AddLength(long length);

    /// <summary>The same for many.</summary>
    void AddLengths(ReadOnlySpan<long> lengths)
    {
        foreach (var length in lengths)
            AddLength(length);
    }
}
