using Microsoft.Extensions.AI;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Texts that begin alike go through a causal encoder once as far as they do, if asked for.</summary>
public sealed class SharedBeginningsTests : IDisposable
{
    private const int Heads = 3, HeadSize = 4;

    private readonly Tensor _words = randn(Letters.VocabularySize, Heads * HeadSize);
    private readonly Tensor _places = randn(200, Heads * HeadSize);
    private readonly Tensor _projection = randn(Heads * HeadSize, 3 * Heads * HeadSize).mul(0.3);
    private readonly List<PackedLayout> _passes = [];

    private Visibility _visibility = Visibility.Causal;

    [Theory]
    [InlineData(EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Last)]
    [InlineData(EmbeddingPooling.Cls)]
    public async Task Vectors_are_those_of_whole_texts_from_fewer_tokens(EmbeddingPooling pooling)
    {
        var (document, other) = (Letters.Text(40, 1), Letters.Text(25, 2));
        string[] texts =
        [
            document + "abc", other + "d", Letters.Text(12, 3), document + "ab", document, other + "dd", "a", document + "abc", other,
        ];
        foreach (var (budget, instruction) in ((int, string?)[])[(1000, null), (60, null), (80, "abcdefghabcdefghabcdefgh")])
        {
            var options = new PackedEmbeddingOptions
            {
                TokenBudget = budget,
                Pooling = pooling,
                Normalize = true,
                Instruction = instruction,
                LongTexts = LongTextRule.Average,
            };
            using var whole = new PackedEmbeddingGenerator(Letters.Plain(), Encode, options);
            using var shared = new PackedEmbeddingGenerator(Letters.Plain(), Encode, options with { SharesBeginnings = true });
            var expected = await whole.GenerateAsync(texts, cancellationToken: Cancel);
            Assert.DoesNotContain(_passes, layout => layout.IsForest);
            _passes.Clear();
            var actual = await shared.GenerateAsync(texts, cancellationToken: Cancel);
            Assert.All(_passes, layout => Assert.InRange(layout.TokenCount, 1, budget));
            foreach (var (one, same) in expected.Zip(actual))
                Close(one.Vector, same.Vector);

            var (before, after) = (Statistics(expected), Statistics(actual));
            Assert.Equal((before.Tokens, before.Tokens), (before.ComputedTokens, after.Tokens));
            Assert.Equal(_passes.Sum(layout => layout.TokenCount), after.ComputedTokens);
            Assert.True(after.ComputedTokens < before.ComputedTokens * 3 / 4 && after.Passes <= before.Passes && after.Fill <= 1);
            Assert.InRange(after.PassesLowerBound, 1, after.Passes);
            _passes.Clear();

            var tokens = await whole.GenerateTokensAsync(texts, cancellationToken: Cancel);
            foreach (var (one, same) in tokens.Zip(await shared.GenerateTokensAsync(texts, cancellationToken: Cancel)))
                Close(one.Values, same.Values);
            _passes.Clear();
        }
    }

    [Fact]
    public async Task An_encoder_that_looks_ahead_is_refused_and_texts_that_share_nothing_are_as_ever()
    {
        _visibility = Visibility.Bidirectional;
        using var generator = new PackedEmbeddingGenerator(Letters.Plain(), Encode, new() { SharesBeginnings = true });
        await generator.GenerateAsync([Letters.Text(40, 1), Letters.Text(40, 2)], cancellationToken: Cancel);
        Assert.False(Assert.Single(_passes).IsForest);
        var document = Letters.Text(40, 1);
        var refused = await Assert.ThrowsAsync<NotSupportedException>(
            () => generator.GenerateAsync([document + "a", document + "b"], cancellationToken: Cancel));
        Assert.Contains("without shared beginnings", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await generator.GenerateAsync([], cancellationToken: Cancel));
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_words, _places, _projection])
            tensor.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Tensor Encode(PackedBatch batch)
    {
        _passes.Add(batch.Layout);
        var hidden = _words.index_select(0, batch.InputIds.flatten()) + _places.index_select(0, batch.PositionIds.flatten());
        var parts = hidden.matmul(_projection).view(-1, 3 * Heads, HeadSize).chunk(3, 1);
        using var attention = PackedAttention.Plan(
            batch, new AttentionShape(Heads, Heads, HeadSize, ScalarType.Float32), visibility: _visibility);
        return hidden + attention.Forward(parts[0], parts[1], parts[2]).flatten(1);
    }

    private static PackedEmbeddingStatistics Statistics(GeneratedEmbeddings<Embedding<float>> embeddings) =>
        (PackedEmbeddingStatistics)embeddings.AdditionalProperties![PackedEmbeddingStatistics.Key]!;

    private static void Close(ReadOnlyMemory<float> expected, ReadOnlyMemory<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (one, same) in expected.ToArray().Zip(actual.ToArray()))
            Assert.Equal(one, same, 1e-4f);
    }
}
