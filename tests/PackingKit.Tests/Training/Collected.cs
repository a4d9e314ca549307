using PackingKit.Samples.Training;

namespace PackingKit.Tests.Training;

/// <summary>Keeps the tokens of documents.</summary>
internal sealed class Collected : IDocumentSink
{
    public List<int[]> Tokens { get; } = [];

    public bool WantsTokens => true;

    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights) => Tokens.Add(tokens.ToArray());

    public void AddLength(long length) => throw new FormatException("There are no tokens.");
}
