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
    private readonly TextSequencer _sequencer;
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
    /// <exception cref="ArgumentException">
    /// There is no such CUDA device as the options', or their instruction is no valid text.
    /// </exception>
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
        (_tokenizer, _encoder, _options) = (tokenizer, encoder, options);
        _sequencer = new TextSequencer(tokenizer, options);
        _metadata = new EmbeddingGeneratorMetadata(
            "PackingKit", defaultModelId: options.ModelId, defaultModelDimensions: options.Dimensions);
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="values">The texts; none may be <see langword="null"/>.</param>
    /// <param name="options">
    /// <c>Dimensions</c> takes only the first elements of a vector, before it is normalized, for models that were trained so (Matryoshka).
    /// A model named here must be the encoder's own. An instruction may lie under <see cref="PackedEmbeddingOptions.InstructionKey"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the call before the next text or pass.</param>
    /// <returns>
    /// One embedding per text, in input order. <c>Usage</c> has the tokens, <c>AdditionalProperties</c> the
    /// <see cref="PackedEmbeddingStatistics"/>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A text is <see langword="null"/>, has no token, or is longer than allowed; the message names it. Or the instruction is no valid
    /// text, or leaves no room for another. Nothing has been encoded then.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one dimension is asked for.</exception>
    /// <exception cref="NotSupportedException">Another model is asked for, or more dimensions than the encoder gives.</exception>
    /// <exception cref="InvalidPackingException">The options' strategy gave no valid packing; nothing has been encoded then.</exception>
    /// <exception cref="InvalidOperationException">
    /// The strategy gave none; or the encoder gave something else than one floating-point row per token on the batch's device, or calls its
    /// own generator, which would wait for itself.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The generator has been disposed.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (texts, own) = (TextsOf(values, options), options?.Clone()); // the caller's may change
        return Task.Run(() => Generate(texts, own, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Encodes texts and gives the vectors of all their tokens, with the characters that each stands for: for late chunking and for
    /// comparing token by token.
    /// </summary>
    /// <param name="values">As for <see cref="GenerateAsync"/>.</param>
    /// <param name="options">As for <see cref="GenerateAsync"/>.</param>
    /// <param name="cancellationToken">Ends the call before the next text or pass.</param>
    /// <returns>
    /// One entry per text, in input order, with usage and statistics as those of <see cref="GenerateAsync"/>. All vectors are kept in
    /// memory: 4 bytes x tokens x dimensions.
    /// </returns>
    /// <exception cref="NotSupportedException">
    /// As for <see cref="GenerateAsync"/>; or the tokenizer tells no places, or changes a text too much to follow them back to it.
    /// </exception>
    /// <remarks>It throws what <see cref="GenerateAsync"/> does.</remarks>
    public Task<GeneratedEmbeddings<TokenEmbeddings>> GenerateTokensAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (texts, own) = (TextsOf(values, options), options?.Clone());
        return Task.Run(() => GenerateTokens(texts, own, cancellationToken), cancellationToken);
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

    /// <summary>The texts of a call that may begin.</summary>
    private string[] TextsOf(IEnumerable<string> values, EmbeddingGenerationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsInsidePass)
            throw new InvalidOperationException("The encoder calls its own generator, whose passes take turns: it would wait for itself.");
        if (options?.ModelId is { } model && model != _options.ModelId)
            throw new NotSupportedException($"This generator is for model '{_options.ModelId}', not '{model}'.");
        if (options?.Dimensions is { } asked)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(options));
            RequireDimensions(_options.Dimensions ?? asked, asked);
        }
        return [.. values];
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> Generate(
        string[] texts, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        var sequences = _sequencer.Sequence(texts, options, withSpans: false, cancellationToken);
        var passes = await Encode(sequences.All, options?.Dimensions, Pooled, cancellationToken).ConfigureAwait(false);
        return Answer(sequences, passes, chunks =>
        {
            var vector = chunks is [var whole] ? whole.Rows
                : Vectors.Mean([.. chunks.Select(chunk => ((ReadOnlyMemory<float>)chunk.Rows, chunk.Pooled))]);
            if (_options.Normalize)
                Vectors.Normalize(vector.Span);
            return new Embedding<float>(vector);
        });

        Tensor Pooled(PackedBatch batch, TextSequence[] pass, Tensor hidden) => Pooling.Pool(batch, pass, hidden, _options.Pooling);
    }

    private async Task<GeneratedEmbeddings<TokenEmbeddings>> GenerateTokens(
        string[] texts, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        var sequences = _sequencer.Sequence(texts, options, withSpans: true, cancellationToken);
        var passes = await Encode(sequences.All, options?.Dimensions, (_, _, hidden) => hidden, cancellationToken).ConfigureAwait(false);
        return Answer(sequences, passes, chunks => TokenEmbeddings.Of(texts[chunks[0].Text], chunks, _options.Normalize));
    }

    /// <summary>Runs all passes; each sequence gets its rows.</summary>
    /// <param name="sequences">The sequences.</param>
    /// <param name="asked">Elements of a row; <see langword="null"/> for all.</param>
    /// <param name="reduce">Makes of a pass's hidden states [tokens, dim] the rows of its sequences, one after the other.</param>
    /// <param name="cancellationToken">Heard between passes.</param>
    private async Task<TextPasses> Encode(
        TextSequence[] sequences, int? asked, Func<PackedBatch, TextSequence[], Tensor, Tensor> reduce, CancellationToken cancellationToken)
    {
        var ids = Array.ConvertAll(sequences, sequence => sequence.Ids);
        var passes = TextPasses.Of(ids, _options, cancellationToken);
        var dimensions = _options.Dimensions;
        foreach (var pass in passes.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _insideOf.Value = _pass = new object();
                TextSequence[] inPass = [.. pass.Prompts.Select(sequence => sequences[sequence])];
                dimensions = RunPass(pass, pass.Tokens(ids), inPass, dimensions, asked, reduce);
            }
            finally
            {
                _insideOf.Value = _pass = null;
                _gate.Release();
            }
        }
        return passes;
    }

    /// <summary>One pass.</summary>
    /// <returns>The encoder's dimensions.</returns>
    private int RunPass(
        PackedPass pass, IReadOnlyList<int>[] tokens, TextSequence[] sequences, int? dimensions, int? asked,
        Func<PackedBatch, TextSequence[], Tensor, Tensor> reduce)
    {
        TorchRuntime.EnsureLoaded();
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var encoded = PackedBatch.Create(pass.Layout, tokens, _options.Device);
        var hidden = Checked(_encoder(encoded), encoded, dimensions);
        using var whole = pass.Forest is null ? null : Whole(sequences);
        if (whole is not null) // from the rows of nodes to those of sequences side by side
            hidden = hidden.index_select(0, tensor(pass.TokenSlots(), device: encoded.Device));
        var batch = whole ?? encoded;
        var rows = reduce(batch, sequences, hidden);
        if (asked is { } first)
        {
            RequireDimensions(hidden.shape[1], first);
            rows = rows.narrow(1, 0, first);
        }
        var values = rows.cpu().contiguous().data<float>().ToArray().AsMemory();
        var (width, isPooled, done) = ((int)rows.shape[1], rows.shape[0] == sequences.Length, 0);
        foreach (var sequence in sequences)
        {
            var count = isPooled ? width : sequence.Ids.Length * width;
            sequence.Rows = values.Slice(done, count);
            done += count;
        }
        return (int)hidden.shape[1];
    }

    private PackedBatch Whole(TextSequence[] sequences)
    {
        var ids = Array.ConvertAll(sequences, sequence => sequence.Ids);
        return PackedBatch.Create(PackedLayout.Flat(Array.ConvertAll(ids, sequence => sequence.Length)), ids, _options.Device);
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

    private static void RequireDimensions(long dimensions, int asked)
    {
        if (asked > dimensions)
            throw new NotSupportedException($"The encoder gives {dimensions} dimensions, fewer than the {asked} asked for.");
    }

    private GeneratedEmbeddings<TEmbedding> Answer<TEmbedding>(
        TextSequences sequences, TextPasses passes, Func<TextSequence[], TEmbedding> embedding)
        where TEmbedding : Embedding
    {
#pragma warning disable RS0030 // A date for the record: nothing is computed from it.
        var created = DateTimeOffset.UtcNow;
#pragma warning restore RS0030
        var statistics = PackedEmbeddingStatistics.Of(sequences, passes, _options.TokenBudget);
        var embeddings = sequences.All.GroupBy(sequence => sequence.Text).Select(chunks => embedding([.. chunks])).ToArray();
        foreach (var one in embeddings)
            (one.ModelId, one.CreatedAt) = (_options.ModelId, created);
        return new(embeddings)
        {
            Usage = new UsageDetails { InputTokenCount = statistics.Tokens, TotalTokenCount = statistics.Tokens },
            AdditionalProperties = new() { [PackedEmbeddingStatistics.Key] = statistics },
        };
    }
}
