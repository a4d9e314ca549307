using Microsoft.Extensions.AI;

namespace PackingKit;

/// <summary>Packing around any embedding generator of Microsoft.Extensions.AI.</summary>
public static class EmbeddingExtensions
{
    /// <summary>
    /// A generator that packs its inputs into as few calls of another as it can, each within a limit of tokens and of inputs, and puts the
    /// answers back in order.
    /// </summary>
    /// <remarks>
    /// <para>All inputs are counted before the first call, so that one which is too long fails without a call. Inputs of a call stand in
    /// the caller's order. The strategy's answer is checked before the first call, too. The first call that fails cancels the others, is
    /// waited for with them, and its exception is thrown. All calls get one copy of the options, made when <c>GenerateAsync</c> is called.
    /// </para>
    /// <para>Usage is the sum over the calls, <see langword="null"/> where none gave any. Additional properties on which all calls that
    /// have them agree are kept, others are left out, and <see cref="EmbeddingCallStatistics"/> are added.</para>
    /// <para>Thread-safe where the other generator, the counter and the strategy are. Disposing it disposes the other.</para>
    /// </remarks>
    /// <typeparam name="TInput">What is embedded.</typeparam>
    /// <typeparam name="TEmbedding">What comes out.</typeparam>
    /// <param name="generator">The generator to call.</param>
    /// <param name="countTokens">Tokens of an input, as the service counts them, not negative.</param>
    /// <param name="options">The limits of a call.</param>
    /// <returns>
    /// The generator. What its <c>GenerateAsync</c> throws: <see cref="ArgumentException"/> for an input that is <see langword="null"/>,
    /// <see cref="ArgumentOutOfRangeException"/> for one above <see cref="EmbeddingCallOptions.MaxTokens"/>, both by its index;
    /// <see cref="InvalidOperationException"/> where a count is negative or a call gives another number of embeddings than it had inputs;
    /// <see cref="InvalidPackingException"/> or <see cref="InvalidOperationException"/> where the strategy divides them wrongly or not at
    /// all; <see cref="OperationCanceledException"/>; and what a call throws.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <example><code>
    /// var packing = service.UsePacking(text => tokenizer.CountTokens(text), new() { MaxTokens = 300_000, MaxInputs = 2048 });
    /// var embeddings = await packing.GenerateAsync(texts);
    /// </code></example>
    public static IEmbeddingGenerator<TInput, TEmbedding> UsePacking<TInput, TEmbedding>(
        this IEmbeddingGenerator<TInput, TEmbedding> generator, Func<TInput, int> countTokens, EmbeddingCallOptions options)
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(countTokens);
        ArgumentNullException.ThrowIfNull(options);
        return new PackingEmbeddingGenerator<TInput, TEmbedding>(generator, countTokens, options);
    }
}
