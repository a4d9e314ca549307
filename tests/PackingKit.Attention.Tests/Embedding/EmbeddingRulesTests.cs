using FsCheck.Xunit;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>Instructions, averaged chunks, fewer dimensions and token vectors, against the encoder's answers to texts alone.</summary>
public sealed class EmbeddingRulesTests : IDisposable
{
    private const int Cls = 2, Sep = 3;
    private readonly TinyEncoder _encoder = new();
    private readonly Tokenizer _bert = Letters.Bert();

    public void Dispose() => _encoder.Dispose();

    [Property(MaxTest = 15)]
    public void A_text_is_the_mean_of_its_chunks_weighted_by_their_tokens(byte[] letters, byte room, bool normalize, bool instructed)
    {
        var texts = letters.Append((byte)70).Select(length => Letters.Text(length % 80, length)).ToArray();
        var instruction = instructed ? "abc " : "";
        var limit = 6 + room % 20;
        foreach (var pooling in Enum.GetValues<EmbeddingPooling>())
        {
            using var generator = Generator(new()
            {
                MaxTokensPerText = limit,
                TokenBudget = 64,
                LongTexts = LongTextRule.Average,
                Instruction = instruction,
                Pooling = pooling,
                Normalize = normalize,
            });
            var embeddings = Generate(generator, texts);
            var before = Ids(instruction);
            for (var text = 0; text < texts.Length; text++)
            {
                var chunks = Chunks(Ids(texts[text]), limit - 2 - before.Length);
                var pooled = chunks.Select(chunk => Pooled([Cls, .. before, .. chunk, Sep], instructed ? 1 + before.Length : 0, pooling))
                    .ToArray();
                var weights = chunks.Select(chunk => chunk.Length + (instructed ? 1 : 2)).ToArray();
                var mean = pooled[0].Select((_, i) => pooled.Zip(weights, (vector, weight) => vector[i] * weight).Sum() / weights.Sum());
                AssertClose(Scaled(mean, normalize), embeddings[text].Vector);
            }
            var statistics = Statistics(embeddings);
            Assert.Equal(texts.Sum(text => Chunks(Ids(text), limit - 2 - before.Length).Length), statistics.Sequences);
            Assert.Equal(texts.Count(text => text.Length > limit - 2 - before.Length), statistics.SplitTexts);
            Assert.Equal((texts.Length, 0), (statistics.Texts, statistics.TruncatedTexts));
        }
    }

    [Fact]
    public void The_mean_over_chunks_is_the_mean_over_their_tokens()
    {
        using var generator = Generator(new() { MaxTokensPerText = 10, LongTexts = LongTextRule.Average });
        var text = Letters.Text(19, 1); // chunks of 6, 6 and 7
        var ids = Ids(text);
        var hidden = ((int[][])[[Cls, .. ids[..6], Sep], [Cls, .. ids[6..12], Sep], [Cls, .. ids[12..], Sep]]).SelectMany(_encoder.Alone);
        AssertClose(Mean(hidden), Generate(generator, [text])[0].Vector);
    }

    [Fact]
    public void An_instruction_is_seen_and_not_pooled()
    {
        using var generator = Generator(new() { Instruction = "ab c " });
        var text = Letters.Text(5, 1);
        int[] sequence = [Cls, .. Ids("ab c " + text), Sep];
        AssertClose(Mean(_encoder.Alone(sequence).Skip(4)), Generate(generator, [text])[0].Vector); // [CLS] a ##b c

        // A call's own stands in for it; an empty one for none.
        var own = new EmbeddingGenerationOptions { AdditionalProperties = new() { [PackedEmbeddingOptions.InstructionKey] = "h " } };
        AssertClose(Mean(_encoder.Alone([Cls, .. Ids("h " + text), Sep]).Skip(2)), Generate(generator, [text], own)[0].Vector);
        own.AdditionalProperties[PackedEmbeddingOptions.InstructionKey] = "";
        AssertClose(Mean(_encoder.Alone([Cls, .. Ids(text), Sep])), Generate(generator, [text], own)[0].Vector);
    }

    [Fact]
    public void An_instruction_is_tokenized_with_the_text_and_what_holds_a_letter_of_the_text_is_the_texts()
    {
        var bytes = TiktokenTokenizer.CreateForModel("text-embedding-3-small");
        Assert.Equal([1663, 25, 220], bytes.EncodeToIds("query: "));
        var sequences = new TextSequencer(bytes, new() { Instruction = "query: ", SuffixTokens = [7] })
            .Sequence(["hello"], null, withSpans: true, TestContext.Current.CancellationToken);
        var sequence = Assert.Single(sequences.All);
        Assert.Equal([1663, 25, 24748, 7], sequence.Ids); // " hello" is one token
        Assert.Equal((2, 2), (sequence.Unpooled, sequence.Pooled));
        Assert.Equal([0..5, 5..5], sequence.Spans);
    }

    /// <summary>
    /// "ind" is another token alone than in in|depend|ently, "unb" is un|b, and three spaces are two before a word's own.
    /// </summary>
    [Theory]
    [InlineData("ind", "ependently", 1, "in", "0..5 5..10")]
    [InlineData("unb", "elievable", 1, "un", "0..4 4..9")]
    [InlineData("q:   ", "hello", 3, "q:  ", "0..5")]
    [InlineData("inde", "pendently", 1, "in", "0..4 4..9")]
    [InlineData("inde", "", 1, "inde", "")]
    public void Tokens_of_the_instruction_alone_are_not_pooled_however_it_is_tokenized(
        string instruction, string text, int before, string words, string spans)
    {
        var bytes = TiktokenTokenizer.CreateForModel("text-embedding-3-small");
        var sequencer = new TextSequencer(bytes, new() { Instruction = instruction, SuffixTokens = [7] });
        foreach (var withSpans in new[] { false, true })
        {
            var sequence = Assert.Single(sequencer.Sequence([text], null, withSpans, TestContext.Current.CancellationToken).All);
            Assert.Equal([.. bytes.EncodeToIds(instruction + text), 7], sequence.Ids);
            Assert.Equal((before, words), (sequence.Unpooled, bytes.Decode(sequence.Ids[..before])));
            if (withSpans)
                Assert.Equal(spans, string.Join(' ', sequence.Spans[..^1]));
        }
    }

    [Fact]
    public void Later_chunks_begin_with_the_tokens_of_the_instruction_alone()
    {
        var bytes = TiktokenTokenizer.CreateForModel("text-embedding-3-small");
        var sequences = new TextSequencer(
            bytes, new() { Instruction = "ind", MaxTokensPerText = 2, LongTexts = LongTextRule.Average })
            .Sequence(["ependently"], null, withSpans: false, TestContext.Current.CancellationToken);
        Assert.Equal(["independ", "inently"], sequences.All.Select(chunk => bytes.Decode(chunk.Ids)));
        Assert.All(sequences.All, chunk => Assert.Equal(1, chunk.Unpooled));
    }

    [Fact]
    public void An_instruction_that_takes_more_tokens_before_a_text_than_alone_still_leaves_room()
    {
        var bytes = TiktokenTokenizer.CreateForModel("text-embedding-3-small");
        var sequencer = new TextSequencer(
            bytes,
            new() { Instruction = "ind", TokenBudget = 2, MaxTokensPerText = 2, SuffixTokens = [], LongTexts = LongTextRule.Average });
        Assert.Single(bytes.EncodeToIds("ind"));
        Assert.Equal(2, sequencer.Sequence(["ependently"], null, false, TestContext.Current.CancellationToken).All.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fewer_dimensions_are_the_first_ones_normalized_again(bool normalize)
    {
        using var generator = Generator(new() { Normalize = normalize, MaxTokensPerText = 12, LongTexts = LongTextRule.Average });
        using var raw = Generator(new() { MaxTokensPerText = 12, LongTexts = LongTextRule.Average });
        var texts = new[] { Letters.Text(5, 1), Letters.Text(30, 2) };
        for (var dimensions = 1; dimensions <= TinyEncoder.Dimensions; dimensions++)
        {
            var few = Generate(generator, texts, new() { Dimensions = dimensions });
            var all = Generate(raw, texts);
            for (var text = 0; text < texts.Length; text++)
            {
                Assert.Equal(dimensions, few[text].Dimensions);
                AssertClose(Scaled(all[text].Vector[..dimensions].ToArray().Select(value => (double)value), normalize), few[text].Vector);
            }
        }
    }

    [Fact]
    public async Task More_dimensions_than_there_are_and_fewer_than_one_are_refused()
    {
        using var knowing = Generator(new() { Dimensions = TinyEncoder.Dimensions });
        var wide = await Assert.ThrowsAsync<NotSupportedException>(() => knowing.GenerateAsync(["a"], new() { Dimensions = 13 }, Cancel));
        Assert.Contains("12 dimensions, fewer than the 13 asked for", wide.Message, StringComparison.Ordinal);
        Assert.Empty(_encoder.Passes);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => knowing.GenerateAsync(["a"], new() { Dimensions = 0 }, Cancel));
        using var wrong = Generator(new() { Dimensions = 11 });
        await Assert.ThrowsAsync<NotSupportedException>(() => wrong.GenerateAsync(["a"], null, Cancel));
    }

    [Theory]
    [InlineData("", 4096)]
    [InlineData("ab ", 4096)]
    [InlineData("", 9)]
    [InlineData("ab ", 9)]
    public async Task Token_vectors_are_the_encoders_with_the_characters_that_they_stand_for(string instruction, int limit)
    {
        using var generator = Generator(
            new() { MaxTokensPerText = limit, LongTexts = LongTextRule.Average, Instruction = instruction, Normalize = true });
        using var mean = Generator(new() { MaxTokensPerText = limit, LongTexts = LongTextRule.Average, Instruction = instruction });
        string[] texts = ["abc  de", "H", Letters.Text(20, 3)];
        var answer = await generator.GenerateTokensAsync(texts, null, Cancel);
        var before = Ids(instruction);
        for (var text = 0; text < texts.Length; text++)
        {
            var tokens = answer[text];
            var chunks = Chunks(Ids(texts[text]), limit - 2 - before.Length);
            var skipped = instruction == "" ? 0 : 1 + before.Length;
            var hidden = chunks.SelectMany(chunk => _encoder.Alone([Cls, .. before, .. chunk, Sep]).Skip(skipped)).ToArray();
            Assert.Equal(hidden.Length, tokens.Count);
            for (var token = 0; token < hidden.Length; token++)
                AssertClose(hidden[token], tokens[token]);
            Assert.Equal(tokens.Count * TinyEncoder.Dimensions, tokens.Values.Length);
            Assert.Equal(
                chunks.SelectMany(chunk => ((int[])[Cls, .. before, .. chunk, Sep])[skipped..]), tokens.Ids.ToArray());
            Assert.Equal(
                texts[text].Where(letter => letter != ' ').Select(letter => $"{letter}"),
                tokens.Spans.ToArray().Select(span => texts[text][span]).Where(letters => letters.Length > 0));
            AssertClose(Mean(hidden), Generate(mean, texts)[text].Vector);
        }
        Assert.Equal(Statistics(Generate(mean, texts)), Statistics(answer));
        Assert.Equal($"{answer[0].Count} tokens of 12 dimensions", answer[0].ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => answer[0][answer[0].Count]);
        Assert.Throws<ArgumentOutOfRangeException>(() => answer[0][-1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_part_of_a_text_is_pooled_as_it_is_seen_in_the_whole(bool normalize)
    {
        using var generator = Generator(new() { Normalize = normalize, ModelId = "tiny", Instruction = "h " });
        var tokens = (await generator.GenerateTokensAsync(["abc de f"], new() { Dimensions = 5 }, Cancel))[0];
        var hidden = _encoder.Alone([Cls, .. Ids("h abc de f"), Sep]).Select(row => row[..5]).ToArray(); // [CLS] h a b c d e f [SEP]
        AssertClose(Scaled(Mean(hidden[2..5]), normalize), tokens.Pool(..3).Vector);
        AssertClose(Scaled(Mean(hidden[2..5]), normalize), tokens.Pool(..4).Vector); // the space is no token's
        AssertClose(Scaled(Mean(hidden[5..8]), normalize), tokens.Pool(4..).Vector);
        AssertClose(Scaled(Mean(hidden[4..6]), normalize), tokens.Pool(2..^3).Vector); // "c d"
        AssertClose(Scaled(Mean(hidden[2..8]), normalize), tokens.Pool(..).Vector);
        Assert.Equal(("tiny", tokens.CreatedAt), (tokens.Pool(..).ModelId, tokens.Pool(..).CreatedAt));
        Assert.Contains("No token has a character of 3..4", Assert.Throws<ArgumentException>(() => tokens.Pool(3..4)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokens.Pool(..9));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokens.Pool(^9..));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokens.Pool(5..4));
    }

    [Fact]
    public async Task Bad_instructions_are_refused_before_any_pass()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Generator(new() { MaxTokensPerText = 5, Instruction = "abc " }));
        Assert.Throws<ArgumentException>(() => Generator(new() { Instruction = "\uD83D" }));
        using var generator = Generator(new() { MaxTokensPerText = 5 });
        foreach (var (instruction, message) in ((object?, string)[])
            [
                ("abc", "leave none for a text"), ("\uD83D", "half a surrogate pair at character 0"), (3, "of Int32, not a string"),
                (null, "of null"),
            ])
        {
            var options = new EmbeddingGenerationOptions
            {
                AdditionalProperties = new() { [PackedEmbeddingOptions.InstructionKey] = instruction },
            };
            var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => generator.GenerateAsync(["a"], options, Cancel));
            Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        }
        using var bare = new PackedEmbeddingGenerator(Letters.Plain(), _encoder.Packed, new() { Instruction = "ab " });
        var empty = await Assert.ThrowsAsync<ArgumentException>(() => bare.GenerateAsync(["c", ""], null, Cancel));
        Assert.Contains("Text 1 has no token", empty.Message, StringComparison.Ordinal);
        Assert.Empty(_encoder.Passes);
    }

    [Fact]
    public async Task No_tensor_outlives_a_call_for_tokens()
    {
        using var generator = Generator(new() { Instruction = "a ", TokenBudget = 16 });
        string[] texts = ["abc", "defgh", "ab"];
        await generator.GenerateTokensAsync(texts, null, Cancel);
        var live = LiveTensors.CountBefore();
        for (var i = 0; i < 10; i++)
        {
            await generator.GenerateTokensAsync(texts, new() { Dimensions = 4 }, Cancel);
            Generate(generator, texts, new() { Dimensions = 4 });
        }
        Assert.Equal(live, torch.Tensor.TotalCount);
    }

    /// <summary>What is pooled on a device is what is pooled on the host; skipped where there is no CUDA device.</summary>
    [Fact]
    public async Task A_device_pools_as_the_host_does()
    {
        Cuda.Require();
        string[] texts = [Letters.Text(5, 1), Letters.Text(30, 2), "a"];
        foreach (var pooling in Enum.GetValues<EmbeddingPooling>())
        {
            var options = new PackedEmbeddingOptions
            {
                MaxTokensPerText = 12,
                TokenBudget = 20,
                LongTexts = LongTextRule.Average,
                Instruction = "ab ",
                Pooling = pooling,
            };
            using var host = new PackedEmbeddingGenerator(_bert, Places, options);
            using var device = new PackedEmbeddingGenerator(_bert, Places, options with { Device = torch.CUDA });
            var few = new EmbeddingGenerationOptions { Dimensions = 3 };
            foreach (var (one, other) in Generate(host, texts, few).Zip(Generate(device, texts, few)))
                AssertClose(one.Vector.ToArray(), other.Vector);
            var (tokens, onDevice) = (
                await host.GenerateTokensAsync(texts, few, Cancel), await device.GenerateTokensAsync(texts, few, Cancel));
            foreach (var (one, other) in tokens.Zip(onDevice))
                Assert.Equal(one.Values.ToArray(), other.Values.ToArray());
        }

        // A token's ID and place, which tell which tokens were pooled.
        static torch.Tensor Places(PackedBatch batch) => torch.stack(
            [batch.InputIds.flatten(), batch.PositionIds.flatten(), batch.PositionIds.flatten().square(), batch.SegmentIds.flatten()], 1)
            .to(torch.ScalarType.Float32).mul(0.01);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PackedEmbeddingGenerator Generator(PackedEmbeddingOptions options) => new(_bert, _encoder.Packed, options);

    private static GeneratedEmbeddings<Embedding<float>> Generate(
        PackedEmbeddingGenerator generator, string[] texts, EmbeddingGenerationOptions? options = null) =>
        generator.GenerateAsync(texts, options, Cancel).GetAwaiter().GetResult();

    private int[] Ids(string text) => text == "" ? [] : [.. _bert.EncodeToIds(text)];

    /// <summary>As few chunks as there can be, as even as there can be.</summary>
    private static int[][] Chunks(int[] ids, int room)
    {
        var count = Math.Max(1, (ids.Length + room - 1) / room);
        var chunks = Enumerable.Range(0, count).Select(i => ids[(ids.Length * i / count)..(ids.Length * (i + 1) / count)]).ToArray();
        Assert.InRange(chunks.Max(chunk => chunk.Length) - chunks.Min(chunk => chunk.Length), 0, 1);
        return chunks;
    }

    private double[] Pooled(int[] ids, int unpooled, EmbeddingPooling pooling)
    {
        var hidden = _encoder.Alone(ids);
        return pooling switch
        {
            EmbeddingPooling.Mean => Mean(hidden.Skip(unpooled)),
            EmbeddingPooling.Last => Array.ConvertAll(hidden[^1], value => (double)value),
            _ => Array.ConvertAll(hidden[0], value => (double)value),
        };
    }

    private static double[] Mean(IEnumerable<float[]> rows) =>
        [.. Enumerable.Range(0, rows.First().Length).Select(i => rows.Average(row => (double)row[i]))];

    private static double[] Scaled(IEnumerable<double> vector, bool normalize)
    {
        var length = normalize ? Math.Sqrt(vector.Sum(value => value * value)) : 1;
        return [.. vector.Select(value => value / length)];
    }

    private static PackedEmbeddingStatistics Statistics<TEmbedding>(GeneratedEmbeddings<TEmbedding> embeddings)
        where TEmbedding : Embedding =>
        (PackedEmbeddingStatistics)embeddings.AdditionalProperties![PackedEmbeddingStatistics.Key]!;

    private static void AssertClose(float[] expected, ReadOnlyMemory<float> actual) =>
        AssertClose(Array.ConvertAll(expected, value => (double)value), actual);

    private static void AssertClose(double[] expected, ReadOnlyMemory<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual.Span[i], 2e-5);
    }
}
