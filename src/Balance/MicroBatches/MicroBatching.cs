namespace PackingKit;

/// <summary>
/// Deals the samples of a training step to micro-batches under a token cap: as few as possible first, then with work as even as possible.
/// The fewest come from a packer of the core with its proof; at that number the batches are evened from several beginnings (the packing,
/// Karmarkar-Karp, longest first) by splitting two of them anew, and the cap holds throughout.
/// </summary>
/// <param name="options">What a micro-batch may hold, and what is to be even.</param>
/// <remarks>
/// <para>Guarantee: cap, item limit and multiple of the ranks hold; never more micro-batches than the packer needs, rounded up to the
/// ranks, but with <see cref="MicroBatchOptions.EqualCounts"/>, where more may be needed; the largest work is never above that of the
/// packing it begins with. Both bounds are proved.</para>
/// <para>Complexity: the packer's; then for k batches at most k splits of 2000 steps of search for each time that the largest work falls.
/// Ties: the earlier beginning. Deterministic with a deterministic packer; thread-safe.</para>
/// <para>Reference: R. Korf, A complete anytime algorithm for number partitioning, Artificial Intelligence 106, 1998.</para>
/// </remarks>
/// <example><code>
/// var batches = new MicroBatching(new MicroBatchOptions { TokenCap = 8192, Ranks = 8 }).Balance(lengths);
/// var first = batches[rank: 0, step: 0];
/// </code></example>
public sealed class MicroBatching(MicroBatchOptions options)
{
    /// <summary>The limits, and what is to be even.</summary>
    public MicroBatchOptions Options { get; } = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Stable short id.</summary>
    public static string Id => "micro-batches";

    /// <summary>Deals samples to as few micro-batches as are found, as evenly as is found.</summary>
    /// <param name="lengths">Tokens of each sample, at least 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length is below 1, or above the cap where that is refused (the message names the sample), or the total work leaves the range of
    /// <see cref="long"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public MicroBatchResult Balance(ReadOnlySpan<int> lengths, CancellationToken cancellationToken = default) =>
        Balance(Widened(lengths), cancellationToken);

    /// <inheritdoc cref="Balance(ReadOnlySpan{int}, CancellationToken)"/>
    public MicroBatchResult Balance(ReadOnlySpan<long> lengths, CancellationToken cancellationToken = default)
    {
        var samples = new CappedSamples(lengths, Options, cancellationToken);
        return samples.From(samples.FewestFound);
    }

    /// <summary>Deals samples to a number of micro-batches, or to the next number above it that is found to do.</summary>
    /// <param name="lengths">Tokens of each sample, at least 1.</param>
    /// <param name="count">Number of micro-batches, a multiple of the ranks.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// As for <see cref="Balance(ReadOnlySpan{int}, CancellationToken)"/>, or the count is below 1 or no multiple of the ranks.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public MicroBatchResult BalanceFrom(ReadOnlySpan<long> lengths, int count, CancellationToken cancellationToken = default)
    {
        if (count < 1 || count % Options.Ranks != 0)
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"{count} micro-batches are not a multiple of {Options.Ranks} ranks.");
        var samples = new CappedSamples(lengths, Options, cancellationToken);
        return samples.From(Math.Max(count, samples.FewestFound));
    }

    /// <summary>
    /// The front of count against work: the fewest micro-batches, then every larger number at which the largest work is found to be lower
    /// than at all before, until it is that of one sample or every sample is alone. Worked out as it is walked.
    /// </summary>
    /// <param name="lengths">Tokens of each sample, at least 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="Balance(ReadOnlySpan{int}, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public IEnumerable<MicroBatchResult> Front(ReadOnlySpan<long> lengths, CancellationToken cancellationToken = default)
    {
        var samples = new CappedSamples(lengths, Options, cancellationToken);
        return Results();

        IEnumerable<MicroBatchResult> Results()
        {
            var lowest = long.MaxValue;
            for (var count = samples.FewestFound; ; count += Options.Ranks)
            {
                var result = samples.From(count);
                count = result.Count;
                if (result.LargestWork < lowest)
                    yield return result;
                lowest = Math.Min(lowest, result.LargestWork);
                if (lowest <= samples.LargestOfOne || count >= samples.Count)
                    yield break;
            }
        }
    }

    private static long[] Widened(ReadOnlySpan<int> lengths)
    {
        var widened = new long[lengths.Length];
        for (var i = 0; i < lengths.Length; i++)
            widened[i] = lengths[i];
        return widened;
    }
}
