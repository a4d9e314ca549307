using Microsoft.Extensions.AI;

namespace PackingKit;

/// <summary>What <see cref="EmbeddingExtensions.UsePacking"/> makes.</summary>
internal sealed class PackingEmbeddingGenerator<TInput, TEmbedding>(
    IEmbeddingGenerator<TInput, TEmbedding> inner, Func<TInput, int> countTokens, EmbeddingCallOptions limits)
    : DelegatingEmbeddingGenerator<TInput, TEmbedding>(inner)
    where TEmbedding : Embedding
{
    public override Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        TInput[] inputs = [.. values];
        var own = options?.Clone(); // the caller's may change
        // Counting may be the work of a tokenizer: not on the caller's thread.
        return Task.Run(() => Generate(inputs, own, cancellationToken), cancellationToken);
    }

    private async Task<GeneratedEmbeddings<TEmbedding>> Generate(
        TInput[] inputs, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        var calls = new Validated(limits.Strategy).Pack(
            PackingProblem.Borrow(Count(inputs, cancellationToken), limits.Limits), progress: null, cancellationToken);
        var answers = new GeneratedEmbeddings<TEmbedding>[calls.BinCount];
        var embeddings = new TEmbedding[inputs.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = limits.MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, answers.Length), parallel, Call).ConfigureAwait(false);

        var statistics = new EmbeddingCallStatistics(inputs.Length, calls.Problem.TotalSize, calls.BinCount, calls.Bound.Bins);
        return new(embeddings)
        {
            Usage = Sum(answers.Select(answer => answer.Usage)),
            AdditionalProperties = new(Agreed(answers.Select(answer => answer.AdditionalProperties)))
            {
                [EmbeddingCallStatistics.Key] = statistics,
            },
        };

        async ValueTask Call(int call, CancellationToken cancel)
        {
            var items = calls.Packing[call].Items.ToArray();
            Array.Sort(items); // the caller's order
            var answer = await InnerGenerator.GenerateAsync(Array.ConvertAll(items, item => inputs[item]), options, cancel)
                .ConfigureAwait(false);
            if (answer?.Count != items.Length)
                throw new InvalidOperationException($"The generator gave {answer?.Count ?? 0} embeddings for {items.Length} inputs.");
            answers[call] = answer;
            for (var i = 0; i < items.Length; i++)
                embeddings[items[i]] = answer[i];
        }
    }

    private int[] Count(TInput[] inputs, CancellationToken cancellationToken)
    {
        var counts = new int[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (inputs[i] is null)
                throw new ArgumentException($"Input {i} is null.", "values");
            counts[i] = countTokens(inputs[i]);
            if (counts[i] < 0)
                throw new InvalidOperationException($"Input {i} was counted as {counts[i]} tokens.");
            if (counts[i] > limits.MaxTokens)
                throw new ArgumentOutOfRangeException(
                    "values", counts[i], $"Input {i} has {counts[i]} tokens, above the {limits.MaxTokens} of a call.");
        }
        return counts;
    }

    private static UsageDetails? Sum(IEnumerable<UsageDetails?> usages)
    {
        UsageDetails? sum = null;
        foreach (var usage in usages.OfType<UsageDetails>())
            (sum ??= new UsageDetails()).Add(usage);
        return sum;
    }

    /// <summary>What a call says of itself alone, such as its ID, is not said of all.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Agreed(IEnumerable<AdditionalPropertiesDictionary?> properties) =>
        properties.OfType<AdditionalPropertiesDictionary>().SelectMany(call => call)
            .GroupBy(property => property.Key, property => property.Value, StringComparer.OrdinalIgnoreCase)
            .Where(values => values.Distinct().Count() == 1)
            .Select(values => KeyValuePair.Create(values.Key, values.First()));
}
