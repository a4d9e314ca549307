using FsCheck.Xunit;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

public sealed class PackedEmbeddingGeneratorTests : IDisposable
{
    private readonly TinyEncoder _encoder = new();
    private readonly Tokenizer _bert = Letters.Bert();

    public void Dispose() => _encoder.Dispose();

    [Theory]
    [InlineData(EmbeddingPooling.Mean, false)]
    [InlineData(EmbeddingPooling.Mean, true)]
    [InlineData(EmbeddingPooling.Last, false)]
    [InlineData(EmbeddingPooling.Last, true)]
    [InlineData(EmbeddingPooling.Cls, false)]
    [InlineData(EmbeddingPooling.Cls, true)]
    public async Task Every_text_gets_the_vector_that_it_gets_alone(EmbeddingPooling pooling, bool normalize)
    {
        var texts = Texts(0, 1, 17, 2, 60, 1, 5, 30, 8, 44);
        foreach (var budget in (int[])[62, 100, 4096])
        {
            using var generator = new PackedEmbeddingGenerator(
                _bert, _encoder.Packed, new() { TokenBudget = budget, Pooling = pooling, Normalize = normalize });
            AssertAlone(texts, await Generate(generator, texts), pooling, normalize);
        }
    }

    [Property(MaxTest = 60)]
    public void Order_holds_and_no_pass_is_over_the_budget_whatever_the_lengths_and_the_strategy(byte[] letters, byte room)
    {
        var texts = Texts([.. letters.Select(length => length % 50)]);
        var budget = 52 + room;
        foreach (var id in PackingStrategies.Ids)
        {
            _encoder.Passes.Clear();
            using var generator = new PackedEmbeddingGenerator(
                _bert, _encoder.Packed, new() { TokenBudget = budget, Strategy = PackingStrategies.Create(id) });
            var embeddings = Generate(generator, texts).GetAwaiter().GetResult();
            AssertAlone(texts, embeddings, EmbeddingPooling.Mean, normalize: false);
            Assert.All(_encoder.Passes, tokens => Assert.InRange(tokens, 1, budget));
            var statistics = Statistics(embeddings);
            Assert.Equal(_encoder.Passes.Count, statistics.Passes);
            Assert.Equal(_encoder.Passes.Sum(), statistics.Tokens);
            Assert.Equal(texts.Sum(text => text.Length + 2), statistics.Tokens);
            Assert.InRange(statistics.PassesLowerBound, 0, statistics.Passes);
        }
    }

    [Fact]
    public async Task The_answer_tells_what_was_done()
    {
        using var generator = new PackedEmbeddingGenerator(
            _bert, _encoder.Packed, new() { TokenBudget = 20, MaxTokensPerText = 16, LongTexts = LongTextRule.Truncate, ModelId = "tiny" });
        var embeddings = await Generate(generator, Texts(8, 2, 8, 50, 2)); // 10, 4, 10, 16, 4 tokens
        // Rectangles in input order: 10 + 4 in two rows of 10; 10 alone, for two rows of 16 are too many; 16 alone, for the same reason; 4.
        Assert.Equal(new PackedEmbeddingStatistics(5, 1, 0, 5, 44, 3, 3, 20, PaddingAvoided: 6), Statistics(embeddings));
        Assert.Equal(44 / 60.0, Statistics(embeddings).Fill);
        Assert.Equal((44L, 44L), (embeddings.Usage!.InputTokenCount!.Value, embeddings.Usage.TotalTokenCount!.Value));
        Assert.All(embeddings, embedding => Assert.Equal("tiny", embedding.ModelId));
        Assert.All(embeddings, embedding => Assert.Equal(TinyEncoder.Dimensions, embedding.Dimensions));
    }

    [Fact]
    public async Task No_texts_give_no_vectors_and_no_pass()
    {
        using var generator = new PackedEmbeddingGenerator(_bert, _encoder.Packed);
        var embeddings = await Generate(generator, []);
        Assert.Empty(embeddings);
        Assert.Empty(_encoder.Passes);
        Assert.Equal((0, 1.0), (Statistics(embeddings).Passes, Statistics(embeddings).Fill));
    }

    [Fact]
    public async Task A_text_without_tokens_is_refused_unless_there_is_one_before_or_after_it()
    {
        var texts = (string[])["ab", "", "c"];
        using var bare = new PackedEmbeddingGenerator(Letters.Plain(), _encoder.Packed);
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => Generate(bare, texts));
        Assert.Contains("Text 1 has no token", refusal.Message, StringComparison.Ordinal);

        using var suffixed = new PackedEmbeddingGenerator(
            Letters.Plain(), _encoder.Packed, new() { SuffixTokens = [4], Pooling = EmbeddingPooling.Last });
        var embeddings = await Generate(suffixed, texts);
        AssertClose(_encoder.Alone([4])[0], embeddings[1].Vector);
        AssertClose(_encoder.Alone([.. Letters.Plain().EncodeToIds("ab"), 4])[2], embeddings[0].Vector);
    }

    [Fact]
    public async Task A_long_text_is_refused_before_any_pass_or_cut_with_its_last_special_token_kept()
    {
        var texts = Texts(3, 30);
        using var strict = new PackedEmbeddingGenerator(_bert, _encoder.Packed, new() { MaxTokensPerText = 10 });
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => Generate(strict, texts));
        Assert.Contains("Text 1 has 30 tokens, above the limit of 8", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_encoder.Passes);

        using var cutting =
            new PackedEmbeddingGenerator(_bert, _encoder.Packed, new() { MaxTokensPerText = 10, LongTexts = LongTextRule.Truncate });
        var cut = await Generate(cutting, texts);
        AssertAlone([texts[0], texts[1][..8]], cut, EmbeddingPooling.Mean, normalize: false); // [CLS], 8 letters, [SEP]
    }

    [Fact]
    public async Task Cancelling_ends_a_call_between_passes()
    {
        using var cancellation = new CancellationTokenSource();
        using var generator = new PackedEmbeddingGenerator(_bert, CancelInSecond, new() { TokenBudget = 12 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            generator.GenerateAsync(Texts(10, 10, 10, 10), null, cancellation.Token));
        Assert.Equal(2, _encoder.Passes.Count);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(Texts(1), null, cancellation.Token));

        Tensor CancelInSecond(PackedBatch batch)
        {
            var hidden = _encoder.Packed(batch);
            if (_encoder.Passes.Count == 2)
                cancellation.Cancel();
            return hidden;
        }
    }

    [Fact]
    public async Task Overlapping_calls_take_turns_and_get_their_own_vectors()
    {
        var inside = 0;
        using var generator = new PackedEmbeddingGenerator(_bert, OneAtATime, new() { TokenBudget = 40 });
        var calls = Enumerable.Range(0, 8).Select(call => Texts([.. Enumerable.Range(call, 10)])).ToArray();
        var answers = await Task.WhenAll(calls.Select(texts => Generate(generator, texts)));
        for (var call = 0; call < calls.Length; call++)
            AssertAlone(calls[call], answers[call], EmbeddingPooling.Mean, normalize: false);

        Tensor OneAtATime(PackedBatch batch)
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            var hidden = _encoder.Packed(batch);
            Interlocked.Decrement(ref inside);
            return hidden;
        }
    }

    [Fact]
    public async Task No_tensor_outlives_a_pass_nor_a_pass_that_fails()
    {
        var texts = Texts(5, 9, 2, 14);
        foreach (var pooling in Enum.GetValues<EmbeddingPooling>())
        {
            using var good =
                new PackedEmbeddingGenerator(_bert, _encoder.Packed, new() { Pooling = pooling, Normalize = true, TokenBudget = 16 });
            using var bad =
                new PackedEmbeddingGenerator(_bert, batch => throw new TimeoutException($"{_encoder.Packed(batch).shape.Length}"));
            await Generate(good, texts);
            var live = LiveTensors.CountBefore();
            for (var i = 0; i < 20; i++)
            {
                await Generate(good, texts);
                await Assert.ThrowsAsync<TimeoutException>(() => Generate(bad, texts));
            }
            Assert.Equal(live, Tensor.TotalCount);
        }
    }

    [Fact]
    public async Task An_encoder_that_breaks_its_promise_is_found_out()
    {
        var cases = new (PackedEncoder Encoder, string Message)[]
        {
            (batch => ones(batch.Layout.TokenCount + 1, 4), "[6, 4] for 5 tokens"),
            (batch => ones(batch.Layout.TokenCount), "[5] for 5 tokens"),
            (batch => ones(2, batch.Layout.TokenCount, 4), "[2, 5, 4] for 5 tokens"),
            (batch => ones([batch.Layout.TokenCount, 4], ScalarType.Int64), "Int64 [5, 4]"),
            (_ => null!, "gave null"),
        };
        foreach (var (encoder, message) in cases)
        {
            using var generator = new PackedEmbeddingGenerator(_bert, encoder);
            var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Generate(generator, Texts(3)));
            Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_strategy_that_answers_wrongly_is_found_out_before_any_pass()
    {
        foreach (var none in new[] { false, true })
        {
            using var generator = new PackedEmbeddingGenerator(
                _bert, _encoder.Packed, new() { TokenBudget = 4, Strategy = new OneBin(none) });
            Task Asked() => generator.GenerateAsync(["a", "b", "c"], null, TestContext.Current.CancellationToken);
            Exception found = none
                ? await Assert.ThrowsAsync<InvalidOperationException>(Asked) : await Assert.ThrowsAsync<InvalidPackingException>(Asked);
            Assert.Contains("Strategy 'one-bin' returned", found.Message, StringComparison.Ordinal);
        }
        Assert.Empty(_encoder.Passes);
    }

    /// <summary>All in one bin, or nothing at all.</summary>
    private sealed class OneBin(bool none) : IPackingStrategy
    {
        public string Id => "one-bin";

        public PackingResult Pack(
            PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
            none ? null! : new BestFit().Pack(problem, progress, cancellationToken) with
            {
                Packing = Packing.FromAssignment(new int[problem.ItemCount], 1),
            };
    }

    [Fact]
    public async Task Half_precision_and_a_leading_row_are_taken_as_they_come()
    {
        using var generator = new PackedEmbeddingGenerator(_bert, batch => _encoder.Packed(batch).to(ScalarType.BFloat16).unsqueeze(0));
        var texts = Texts(4, 11);
        AssertAlone(texts, await Generate(generator, texts), EmbeddingPooling.Mean, normalize: false, tolerance: 0.05);
    }

    [Fact]
    public async Task Bad_input_is_refused_by_name()
    {
        using var generator = new PackedEmbeddingGenerator(_bert, _encoder.Packed, new() { ModelId = "tiny" });
        await Assert.ThrowsAsync<ArgumentNullException>(() => Generate(generator, null!));
        var missing = await Assert.ThrowsAsync<ArgumentException>(() => Generate(generator, ["a", null!]));
        Assert.Contains("Text 1 is null", missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotSupportedException>(() => generator.GenerateAsync(["a"], new() { ModelId = "large" }));
        var wide = await Assert.ThrowsAsync<NotSupportedException>(() => generator.GenerateAsync(["a"], new() { Dimensions = 13 }));
        Assert.Contains("12 dimensions, fewer than the 13 asked for", wide.Message, StringComparison.Ordinal);

        foreach (var options in (PackedEmbeddingOptions[])
            [
                new() { TokenBudget = 0 }, new() { MaxTokensPerText = 0 }, new() { TokenBudget = 5, MaxTokensPerText = 6 },
                new() { PrefixTokens = [-1] }, new() { SuffixTokens = [1, -1] }, new() { MaxTokensPerText = 2 }, new() { Dimensions = 0 },
                    new() { Pooling = (EmbeddingPooling)9 }, new() { LongTexts = (LongTextRule)9 },
            ])
            Assert.Throws<ArgumentOutOfRangeException>(() => new PackedEmbeddingGenerator(_bert, _encoder.Packed, options));
        Assert.Contains("There is no device", Assert.Throws<ArgumentException>(() => new PackedEmbeddingGenerator(
            _bert, _encoder.Packed, new() { Device = new torch.Device(DeviceType.CUDA, 1000) })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new PackedEmbeddingGenerator(null!, _encoder.Packed));
        Assert.Throws<ArgumentNullException>(() => new PackedEmbeddingGenerator(_bert, null!));
        Assert.Throws<ArgumentNullException>(() => new PackedEmbeddingGenerator(_bert, _encoder.Packed, new() { Strategy = null! }));
    }

    [Fact]
    public void Services_are_found_without_a_key()
    {
        using var generator =
            new PackedEmbeddingGenerator(_bert, _encoder.Packed, new() { ModelId = "tiny", Dimensions = TinyEncoder.Dimensions });
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("PackingKit", "tiny", 12), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(generator, generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Same(_bert, generator.GetService<Tokenizer>());
        Assert.Null(generator.GetService<string>());
        Assert.Null(generator.GetService<Tokenizer>("key"));
    }

    [Fact]
    public async Task After_disposal_there_is_no_pass()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var generator = new PackedEmbeddingGenerator(_bert, Slow, new() { TokenBudget = 6 });
        var call = Generate(generator, Texts(4, 4));
        inside.Wait(TestContext.Current.CancellationToken);
        var disposal = Task.Run(generator.Dispose, TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(disposal.IsCompleted); // the pass under way is waited for
        leave.Set();
        await disposal;
        var passes = _encoder.Passes.Count;
        try
        {
            await call; // its second pass may have been before the disposal in the queue
        }
        catch (ObjectDisposedException)
        {
        }
        Assert.Equal(passes, _encoder.Passes.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Generate(generator, Texts(1)));
        generator.Dispose();

        Tensor Slow(PackedBatch batch)
        {
            inside.Set();
            leave.Wait();
            return _encoder.Packed(batch);
        }
    }

    /// <summary>It hung for ever: the pass that Dispose waits for waits for Dispose.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_encoder_may_dispose_of_its_generator_and_has_its_pass_but_no_other(bool onAnotherThread)
    {
        PackedEmbeddingGenerator? generator = null;
        generator = new PackedEmbeddingGenerator(_bert, Disposing, new() { TokenBudget = 6 });
        var patience = TimeSpan.FromSeconds(20);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => Generate(generator, Texts(4, 4)).WaitAsync(patience, TestContext.Current.CancellationToken));
        Assert.Single(_encoder.Passes);
        generator.Dispose();

        Tensor Disposing(PackedBatch batch)
        {
            if (onAnotherThread)
                Task.Run(generator!.Dispose).Wait();
            else
                generator!.Dispose();
            return _encoder.Packed(batch);
        }
    }

    [Fact]
    public async Task An_encoder_that_calls_its_own_generator_is_refused_and_what_it_started_may_call_later()
    {
        PackedEmbeddingGenerator? generator = null;
        var (over, later) = (new TaskCompletionSource(), Task.CompletedTask);
        generator = new PackedEmbeddingGenerator(_bert, Calling);
        var call = Generate(generator, Texts(4)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Contains(
            "its own generator", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message, StringComparison.Ordinal);
        over.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => later); // the encoder's own refusal again, not one for calling here
        Assert.Equal(2, _encoder.Passes.Count);
        generator.Dispose();

        Tensor Calling(PackedBatch batch)
        {
            if (_encoder.Passes.Count == 0)
                later = Task.Run(async () =>
                {
                    await over.Task;
                    await Generate(generator!, Texts(2));
                });
            _encoder.Packed(batch);
            Generate(generator!, Texts(1)).GetAwaiter().GetResult();
            return _encoder.Packed(batch);
        }
    }

    /// <summary>Of 2.4 million letters, the tokenizer looks for 65 tokens and not for all.</summary>
    [Fact]
    public async Task A_text_that_is_cut_is_not_tokenized_to_its_end()
    {
        var tokenizer = new CountingTokenizer();
        using var generator = new PackedEmbeddingGenerator(
            tokenizer, _encoder.Packed,
            new() { MaxTokensPerText = 64, LongTexts = LongTextRule.Truncate, Pooling = EmbeddingPooling.Last });
        var embeddings = await Generate(generator, [new string('a', 2_400_000), "ab"]);
        Assert.Equal((1, 66L), (Statistics(embeddings).TruncatedTexts, Statistics(embeddings).Tokens));
        Assert.Equal(65 + 2, tokenizer.Tokens);

        // A tokenizer may stop short of its limit, before a character of several tokens: what is taken is the same.
        tokenizer.StopsShort = true;
        embeddings = await Generate(generator, [new string('a', 70)]);
        Assert.Equal((1, 64L), (Statistics(embeddings).TruncatedTexts, Statistics(embeddings).Tokens));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_by_text_and_place()
    {
        const char first = '\uD83D', second = '\uDE00';
        using var generator = new PackedEmbeddingGenerator(_bert, _encoder.Packed, new() { MaxTokensPerText = 8 });
        (string, int)[] texts = [($"ab{first}", 2), ($"{second}b", 0), ($"{first}{second}{first}{first}{second}", 2)];
        foreach (var (text, place) in texts)
        {
            var refused = Assert.Throws<ArgumentException>(() => { Generate(generator, ["ab", text]).GetAwaiter().GetResult(); });
            Assert.Contains($"Text 1 has half a surrogate pair at character {place}.", refused.Message, StringComparison.Ordinal);
        }
    }

    [Property(MaxTest = 60)]
    public void Cut_texts_are_the_beginnings_of_the_whole_ones(byte[] letters, byte limit)
    {
        var random = new Random(limit);
        string[] alphabet = ["a", "b", "c", " ", "\t", ".", "é", "漢", "\U0001F600"];
        string Letter(int place) => alphabet[random.Next(alphabet.Length)];
        var texts = letters.Select(length => string.Concat(Enumerable.Range(0, length).Select(Letter))).Append("ab  ").ToArray();
        foreach (var (tokenizer, special) in ((Tokenizer, int)[])[(_bert, 2), (Letters.Plain(), 0)])
        {
            var seen = new List<long>();
            using var generator = new PackedEmbeddingGenerator(
                tokenizer, batch =>
                {
                    seen.AddRange(batch.InputIds.flatten().Values<long>());
                    return _encoder.Packed(batch);
                },
                new()
                {
                    MaxTokensPerText = 3 + limit % 60,
                    LongTexts = LongTextRule.Truncate,
                    PrefixTokens = special == 0 ? [4] : null,
                    Strategy = new NextFit(),
                });
            Generate(generator, texts).GetAwaiter().GetResult();
            var room = 3 + limit % 60 - (special == 0 ? 1 : 2);
            long[] expected = [.. texts.SelectMany(text =>
            {
                var ids = tokenizer.EncodeToIds(text).Take(room).Select(id => (long)id);
                return special == 0 ? ids.Prepend(4) : ids.Prepend(2).Append(3);
            })];
            Assert.Equal(expected, seen);
        }
    }

    private static Task<GeneratedEmbeddings<Embedding<float>>> Generate(PackedEmbeddingGenerator generator, string[] texts) =>
        generator.GenerateAsync(texts, null, TestContext.Current.CancellationToken);

    private static PackedEmbeddingStatistics Statistics(GeneratedEmbeddings<Embedding<float>> embeddings) =>
        (PackedEmbeddingStatistics)embeddings.AdditionalProperties![PackedEmbeddingStatistics.Key]!;

    private static string[] Texts(params int[] letters) => [.. letters.Select(Letters.Text)];

    private void AssertAlone(
        string[] texts, GeneratedEmbeddings<Embedding<float>> embeddings, EmbeddingPooling pooling, bool normalize, double tolerance = 2e-5)
    {
        Assert.Equal(texts.Length, embeddings.Count);
        for (var text = 0; text < texts.Length; text++)
        {
            var hidden = _encoder.Alone(((BertTokenizer)_bert).EncodeToIds(texts[text], addSpecialTokens: true));
            double[] expected = pooling switch
            {
                EmbeddingPooling.Mean =>
                    [.. Enumerable.Range(0, TinyEncoder.Dimensions).Select(i => hidden.Average(token => (double)token[i]))],
                EmbeddingPooling.Last => [.. hidden[^1].Select(value => (double)value)],
                _ => [.. hidden[0].Select(value => (double)value)],
            };
            var norm = normalize ? Math.Sqrt(expected.Sum(value => value * value)) : 1;
            AssertClose([.. expected.Select(value => (float)(value / norm))], embeddings[text].Vector, tolerance);
        }
    }

    private static void AssertClose(float[] expected, ReadOnlyMemory<float> actual, double tolerance = 2e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual.Span[i], tolerance);
    }
}
