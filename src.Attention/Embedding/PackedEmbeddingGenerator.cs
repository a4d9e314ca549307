using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Embeddings of many texts from an encoder that takes packed batches: texts are tokenized, packed into forward passes within a token
/// budget without any padding, encoded, pooled, and handed back in input order.
/// </summary>
/// <remarks>
/// <para>Thread-safe: calls may overlap, and their passes take turns, because an encoder and its device memory are not for two at once.
/// Tokenizing and passes run on the thread pool.</para>
/// <para>A cancelled token ends a call between texts and between passes. A call either answers for all texts or throws.</para>
/// <para>The generator owns neither tokenizer nor encoder. <see cref="Dispose"/> waits for a pass under way and makes every later pass
/// fail, so that the model may be freed after it; called by the encoder itself it cannot wait, and only makes later passes fail. No tensor
/// outlives a pass.</para>
/// <para>Embeddings do not depend on what else is in the pass as far as the encoder keeps segments apart; in the last bits they may,
/// because matrix products of different heights may add up in different orders, and on a GPU the sums of
/// <see cref="EmbeddingPooling.Mean"/> may as well.</para>
/// </remarks>
/// <example><code>
/// var options = new PackedEmbeddingOptions { TokenBudget = 16384, Normalize = true };
/// using var generator = new PackedEmbeddingGenerator(tokenizer, batch => model.Forward(batch), options);
/// var embeddings = await generator.GenerateAsync(texts);
/// </code></example>
public sealed class PackedEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly Tokenizer _tokenizer;
    private readonly PackedEncoder _encoder;
    private readonly PackedEmbeddingOptions _options;
    private readonly int _maxTokens;
    private readonly int[] _prefix;
    private readonly int[] _suffix;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly AsyncLocal<object?> _insideOf = new(); // the pass that this flow of calls was started in
    private volatile object? _pass; // under way
    private volatile bool _disposed;

    /// <summary>A generator over a tokenizer and an encoder.</summary>
    /// <param name="tokenizer">Gives the token IDs of a text; must be thread-safe.</param>
    /// <param name="encoder">The forward pass; called for one pass at a time.</param>
    /// <param name="options">The settings; their defaults where none are given.</param>
    /// <exception cref="ArgumentNullException">The tokenizer, the encoder or the options' strategy is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There is no such CUDA device as the options'.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public PackedEmbeddingGenerator(Tokenizer tokenizer, PackedEncoder encoder, PackedEmbeddingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(encoder);
        options ??= new PackedEmbeddingOptions();
        ArgumentNullException.ThrowIfNull(options.Strategy);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TokenBudget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Dimensions ?? 1, 1);
        if (!Enum.IsDefined(options.Pooling))
            throw new ArgumentOutOfRangeException(nameof(options), options.Pooling, "No such pooling.");
        if (!Enum.IsDefined(options.LongTexts))
            throw new ArgumentOutOfRangeException(nameof(options), options.LongTexts, "No such rule for long texts.");
        TensorChecks.RequireDevice(options.Device, nameof(options));
        _maxTokens = options.MaxTokensPerText ?? options.TokenBudget;
        if (_maxTokens < 1 || _maxTokens > options.TokenBudget)
            throw new ArgumentOutOfRangeException(
                nameof(options), _maxTokens, $"MaxTokensPerText is {_maxTokens}, outside 1..{options.TokenBudget}, the token budget.");
        _prefix = Special(options.PrefixTokens, (tokenizer as BertTokenizer)?.ClassificationTokenId);
        _suffix = Special(options.SuffixTokens, (tokenizer as BertTokenizer)?.SeparatorTokenId);
        if (_prefix.Length + _suffix.Length >= _maxTokens)
            throw new ArgumentOutOfRangeException(
                nameof(options), _maxTokens,
                $"Of {_maxTokens} tokens, {_prefix.Length + _suffix.Length} before and after a text leave none for it.");
        (_tokenizer, _encoder, _options) = (tokenizer, encoder, options);
        _metadata = new EmbeddingGeneratorMetadata(
            "PackingKit", defaultModelId: options.ModelId, defaultModelDimensions: options.Dimensions);
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="values">The texts; none may be <see langword="null"/>.</param>
    /// <param name="options">A model or a number of dimensions named here must be the encoder's own: there is no other to choose.</param>
    /// <param name="cancellationToken">Ends the call before the next text or pass.</param>
    /// <returns>
    /// One embedding per text, in input order. <c>Usage</c> has the tokens, <c>AdditionalProperties</c> the
    /// <see cref="PackedEmbeddingStatistics"/>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A text is <see langword="null"/>, has no token, or is longer than allowed; the message names it. Nothing has been encoded then.
    /// </exception>
    /// <exception cref="NotSupportedException">Another model or another number of dimensions is asked for.</exception>
    /// <exception cref="InvalidOperationException">
    /// The encoder gave something else than one floating-point row per token on the batch's device, or calls its own generator, which would
    /// wait for itself.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The generator has been disposed.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsInsidePass)
            throw new InvalidOperationException("The encoder calls its own generator, whose passes take turns: it would wait for itself.");
        if (options?.ModelId is { } model && model != _options.ModelId)
            throw new NotSupportedException($"This generator is for model '{_options.ModelId}', not '{model}'.");
        string[] texts = [.. values];
        return Task.Run(() => Generate(texts, options?.Dimensions ?? _options.Dimensions, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Gives the generator itself, its <see cref="EmbeddingGeneratorMetadata"/>, its options or its tokenizer, and none of them under a
    /// key.
    /// </remarks>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : Array.Find<object>([this, _metadata, _options, _tokenizer], serviceType.IsInstanceOfType);
    }

    /// <summary>Waits for a pass under way, unless it is called inside of it; every later one fails.</summary>
    public void Dispose()
    {
        if (IsInsidePass)
        {
            _disposed = true; // the pass that it would wait for waits for it
            return;
        }
        _gate.Wait();
        _disposed = true;
        _gate.Release();
    }

    private bool IsInsidePass => _insideOf.Value is { } pass && pass == _pass;

    private async Task<GeneratedEmbeddings<Embedding<float>>> Generate(string[] texts, int? dimensions, CancellationToken cancellationToken)
    {
        var (tokens, truncated) = Tokenize(texts, cancellationToken);
        var lengths = Array.ConvertAll(tokens, ids => ids.Length);
        var passes = _options.Strategy.Pack(PackingProblem.Borrow(lengths, _options.TokenBudget), progress: null, cancellationToken);
        var vectors = new ReadOnlyMemory<float>[texts.Length];
        for (var pass = 0; pass < passes.BinCount; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _insideOf.Value = _pass = new object();
                dimensions = Encode(tokens, passes.Packing[pass].Items, dimensions, vectors);
            }
            finally
            {
                _insideOf.Value = _pass = null;
                _gate.Release();
            }
        }
#pragma warning disable RS0030 // A date for the record: nothing is computed from it.
        var created = DateTimeOffset.UtcNow;
#pragma warning restore RS0030
        var statistics = PackedEmbeddingStatistics.Of(lengths, truncated, passes, _options.TokenBudget);
        return new(vectors.Select(vector => new Embedding<float>(vector) { ModelId = _options.ModelId, CreatedAt = created }))
        {
            Usage = new UsageDetails { InputTokenCount = statistics.Tokens, TotalTokenCount = statistics.Tokens },
            AdditionalProperties = new() { [PackedEmbeddingStatistics.Key] = statistics },
        };
    }

    private (int[][] Tokens, int Truncated) Tokenize(string[] texts, CancellationToken cancellationToken)
    {
        if (Array.IndexOf(texts, null) is >= 0 and var missing)
            throw new ArgumentException($"Text {missing} is null.", "values");
        for (var text = 0; text < texts.Length; text++)
            if (HalfPair(texts[text]) is >= 0 and var place)
                throw new ArgumentException($"Text {text} has half a surrogate pair at character {place}.", "values");
        var limit = _maxTokens - _prefix.Length - _suffix.Length;
        var tokens = new int[texts.Length][];
        var truncated = 0;
        for (var text = 0; text < texts.Length; text++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = Ids(texts[text], limit);
            if (ids.Count > limit)
            {
                if (_options.LongTexts == LongTextRule.Refuse)
                    throw new ArgumentException($"Text {text} has {ids.Count} tokens, above the limit of {limit}.", "values");
                truncated++;
            }
            tokens[text] = [.. _prefix, .. ids.Take(limit), .. _suffix];
            if (tokens[text].Length == 0)
                throw new ArgumentException($"Text {text} has no token.", "values");
        }
        return (tokens, truncated);
    }

    /// <summary>
    /// The first half of a surrogate pair without its other half, or -1. Tokenizers refuse it or not, by what they do to a text and by
    /// whether the process has cultures.
    /// </summary>
    private static int HalfPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return i;
        return -1;
    }

    /// <summary>
    /// A text's token IDs; where the rest would be cut off anyway, the tokenizer is told to stop after one more than fits.
    /// </summary>
    private IReadOnlyList<int> Ids(string text, int limit)
    {
        if (_options.LongTexts == LongTextRule.Refuse)
            return _tokenizer.EncodeToIds(text); // the message has their number
        var ids = _tokenizer.EncodeToIds(text, (int)Math.Min(limit + 1L, int.MaxValue), out var normalized, out var consumed);
        // It may have stopped earlier, before a character of several tokens: then only the whole text tells.
        return ids.Count > limit || consumed == (normalized ?? text).Length ? ids : _tokenizer.EncodeToIds(text);
    }

    private static int[] Special(IReadOnlyList<int>? asked, int? usual)
    {
        int[] tokens = asked is not null ? [.. asked] : usual is { } token ? [token] : [];
        return Array.TrueForAll(tokens, id => id >= 0) ? tokens
            : throw new ArgumentOutOfRangeException("options", $"Of the tokens [{string.Join(", ", tokens)}] one is negative.");
    }

    /// <summary>One pass: encodes the texts, pools them and puts their vectors in place.</summary>
    /// <returns>Elements of a vector.</returns>
    private int Encode(int[][] tokens, ReadOnlySpan<int> texts, int? dimensions, ReadOnlyMemory<float>[] vectors)
    {
        var prompts = new int[texts.Length][];
        for (var i = 0; i < prompts.Length; i++)
            prompts[i] = tokens[texts[i]];
        var layout = PackedLayout.Flat(Array.ConvertAll(prompts, prompt => prompt.Length));

        TorchRuntime.EnsureLoaded();
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(layout, prompts, _options.Device);
        var hidden = Checked(_encoder(batch), batch, dimensions);
        var pooled = Pooling.Pool(batch, hidden, _options.Pooling);
        if (_options.Normalize)
            pooled = nn.functional.normalize(pooled);
        var values = pooled.cpu().data<float>().ToArray();

        var width = (int)pooled.shape[1];
        for (var i = 0; i < prompts.Length; i++)
            vectors[texts[i]] = values.AsMemory(i * width, width);
        return width;
    }

    /// <summary>What the encoder gave, as float32 [tokens, dim].</summary>
    private static Tensor Checked(Tensor? hidden, PackedBatch batch, int? dimensions)
    {
        if (hidden is null)
            throw new InvalidOperationException("The encoder gave null.");
        var (shape, tokens) = (hidden.shape, batch.Layout.TokenCount);
        if (!TensorChecks.IsOn(hidden, batch.Device))
            throw new InvalidOperationException($"The encoder gave a tensor on {hidden.device} for a batch on {batch.Device}.");
        if (hidden.is_sparse)
            throw new InvalidOperationException("The encoder gave a sparse tensor.");
        if (shape is not ([_, _] or [1, _, _]) || shape[^2] != tokens || shape[^1] < 1 || !hidden.is_floating_point())
            throw new InvalidOperationException(
                $"The encoder gave {hidden.dtype} [{string.Join(", ", shape)}] for {tokens} tokens, not floating-point [{tokens}, dim].");
        if (dimensions is { } expected && shape[^1] != expected)
            throw new NotSupportedException($"The encoder gives {shape[^1]} dimensions, not {expected}.");
        return hidden.view(tokens, -1).to(ScalarType.Float32);
    }
}
