using FsCheck.Xunit;
using Microsoft.Extensions.AI;
using Xunit;

namespace PackingKit.Tests;

public sealed class PackingEmbeddingGeneratorTests : IDisposable
{
    private readonly FakeEmbeddingService _service = new();

    public void Dispose() => _service.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Property(MaxTest = 200)]
    public void Every_input_gets_its_vector_in_order_by_calls_within_both_limits(byte[] lengths, byte tokens, byte inputs, byte at)
    {
        var service = new FakeEmbeddingService { Before = async (_, _) => await Task.Yield() };
        var options = new EmbeddingCallOptions
        {
            MaxTokens = 1 + tokens,
            MaxInputs = inputs % 5 == 0 ? null : inputs % 5,
            MaxConcurrency = 1 + (at % 4),
        };
        // Letters differ, so that texts of one length do.
        string[] texts = [.. lengths.Select((length, i) => new string((char)('a' + (i % 26)), length % (options.MaxTokens + 1)))];
        var answer = Packed(service, options).GenerateAsync(texts, new() { ModelId = "m" }, Cancel).GetAwaiter().GetResult();

        Assert.Equal(texts.Select(FakeEmbeddingService.Vector), answer.Select(embedding => embedding.Vector.ToArray()));
        Assert.All(answer, embedding => Assert.Equal("m", embedding.ModelId));
        Assert.Equal(texts.Order(StringComparer.Ordinal), service.Calls.SelectMany(call => call).Order(StringComparer.Ordinal));
        Assert.All(service.Calls, call => Assert.InRange(call.Sum(text => text.Length), 0, options.MaxTokens));
        Assert.All(service.Calls, call => Assert.InRange(call.Length, 1, options.MaxInputs ?? int.MaxValue));
        Assert.InRange(service.MostActive, 0, options.MaxConcurrency);

        var statistics = (EmbeddingCallStatistics)answer.AdditionalProperties![EmbeddingCallStatistics.Key]!;
        Assert.Equal((texts.Length, texts.Sum(text => text.Length), service.Calls.Count),
            (statistics.Inputs, (int)statistics.Tokens, statistics.Calls));
        Assert.InRange(statistics.CallsLowerBound, texts.Length == 0 ? 0 : 1, statistics.Calls);
        Assert.Equal(texts.Length == 0 ? null : statistics.Tokens, answer.Usage?.InputTokenCount);
    }

    [Fact]
    public async Task A_call_has_its_inputs_in_the_callers_order()
    {
        var packed = Packed(_service, new() { MaxTokens = 100, Strategy = new BestFitDecreasing() });
        await packed.GenerateAsync(["a", "ccc", "bb"], null, Cancel);
        Assert.Equal(["a", "ccc", "bb"], Assert.Single(_service.Calls));
    }

    [Fact]
    public async Task What_all_calls_say_is_kept_and_what_one_says_is_not()
    {
        var answer = await Packed(_service, new() { MaxTokens = 2 }).GenerateAsync(["aa", "bb"], null, Cancel);
        Assert.Equal(["packingkit.calls", "service"], answer.AdditionalProperties!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("fake", answer.AdditionalProperties["service"]);
        var silent = new FakeEmbeddingService
        {
            After = (_, it) =>
            {
                (it.Usage, it.AdditionalProperties) = (null, null);
                return it;
            },
        };
        answer = await Packed(silent, new() { MaxTokens = 2 }).GenerateAsync(["aa", "bb"], null, Cancel);
        Assert.Null(answer.Usage);
        Assert.Single(answer.AdditionalProperties!);
    }

    [Fact]
    public async Task No_inputs_make_no_call()
    {
        var answer = await Packed(_service, new() { MaxTokens = 2 }).GenerateAsync([], null, Cancel);
        Assert.Empty(answer);
        Assert.Empty(_service.Calls);
    }

    [Fact]
    public async Task Bad_inputs_are_refused_by_index_before_any_call()
    {
        var packed = Packed(_service, new() { MaxTokens = 2 });
        var large = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => packed.GenerateAsync(["a", "bbb"], null, Cancel));
        Assert.Contains("Input 1 has 3 tokens, above the 2 of a call.", large.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<ArgumentException>(() => packed.GenerateAsync(["a", null!], null, Cancel));
        Assert.Contains("Input 1 is null.", missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentNullException>(() => packed.GenerateAsync(null!, null, Cancel));
        var miscounted = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _service.UsePacking(_ => -1, new() { MaxTokens = 2 }).GenerateAsync(["a"], null, Cancel));
        Assert.Contains("Input 0 was counted as -1 tokens.", miscounted.Message, StringComparison.Ordinal);
        Assert.Empty(_service.Calls);

        Assert.Throws<ArgumentNullException>(() => _service.UsePacking(null!, new() { MaxTokens = 2 }));
        Assert.Throws<ArgumentNullException>(() => _service.UsePacking(text => text.Length, null!));
        Assert.Throws<ArgumentNullException>(() => ((FakeEmbeddingService)null!).UsePacking(text => text.Length, new() { MaxTokens = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbeddingCallOptions { MaxTokens = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbeddingCallOptions { MaxTokens = 1, MaxInputs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbeddingCallOptions { MaxTokens = 1, MaxConcurrency = 0 });
        Assert.Throws<ArgumentNullException>(() => new EmbeddingCallOptions { MaxTokens = 1, Strategy = null! });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(null)]
    public async Task A_service_that_answers_too_much_or_too_little_is_found_out(int? more)
    {
        var service = new FakeEmbeddingService { After = (_, it) => more is null ? null : new(it.Concat(it).Take(it.Count + more.Value)) };
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Packed(service, new() { MaxTokens = 9 }).GenerateAsync(["a", "bb"], null, Cancel));
        Assert.Contains($"gave {2 + (more ?? -2)} embeddings for 2 inputs", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_failure_cancels_the_others_waits_for_them_and_is_thrown()
    {
        var (begun, cancelled) = (new TaskCompletionSource(), false);
        var service = new FakeEmbeddingService
        {
            Before = async (call, cancel) =>
            {
                if (call == 0)
                {
                    await begun.Task; // until the other is under way
                    throw new TimeoutException("too many requests");
                }
                begun.TrySetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, cancel);
                }
                finally
                {
                    cancelled = true;
                }
            },
        };
        var packed = Packed(service, new() { MaxTokens = 1, MaxConcurrency = 2 });
        await Assert.ThrowsAsync<TimeoutException>(() => packed.GenerateAsync(["a", "b", "c", "d"], null, Cancel));
        Assert.True(cancelled);
        Assert.Equal(2, service.Calls.Count);
    }

    [Fact]
    public async Task Cancelling_ends_calls_under_way_and_makes_no_more()
    {
        using var cancellation = new CancellationTokenSource();
        var service = new FakeEmbeddingService
        {
            Before = (_, cancel) =>
            {
                cancellation.Cancel();
                return Task.Delay(Timeout.Infinite, cancel);
            },
        };
        var packed = Packed(service, new() { MaxTokens = 1 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => packed.GenerateAsync(["a", "b"], null, cancellation.Token));
        Assert.Single(service.Calls);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => packed.GenerateAsync(["a"], null, cancellation.Token));
        Assert.Single(service.Calls);
    }

    [Fact]
    public void It_is_transparent_and_disposes_what_is_inside()
    {
        var packed = Packed(_service, new() { MaxTokens = 1 });
        Assert.Same(_service, packed.GetService<FakeEmbeddingService>());
        packed.Dispose();
        Assert.True(_service.IsDisposed);
    }

    [Property(MaxTest = 100)]
    public void The_order_of_the_inputs_does_not_matter_for_the_number_of_calls(byte[] lengths, byte tokens, byte inputs)
    {
        int[] sizes = [.. lengths.Select(length => length % (tokens + 1))];
        var limits = new EmbeddingCallOptions { MaxTokens = 1 + tokens, MaxInputs = 1 + (inputs % 6) };
        var counts = ((IEnumerable<int>[])[sizes, sizes.Order(), sizes.OrderDescending()]).Select(order =>
        {
            var result = limits.Strategy.Pack(PackingProblem.Create([.. order], limits.Limits));
            Assert.Empty(PackingValidator.Validate(result.Problem, result.Packing));
            Assert.Equal([.. order], Enumerable.Range(0, sizes.Length).Select(item => (int)result.Problem[item]));
            return result.BinCount;
        });
        Assert.Single(counts.Distinct());
    }

    /// <summary>In decreasing order the long texts fill ten calls by tokens, the short ones ten more by number.</summary>
    [Fact]
    public async Task Long_and_short_inputs_share_calls()
    {
        string[] texts = [.. Enumerable.Range(0, 50).SelectMany(i => (string[])[new string('x', 40), "a", "b"])];
        var limits = new EmbeddingCallOptions { MaxTokens = 200, MaxInputs = 10 };
        await Packed(_service, limits).GenerateAsync(texts, null, Cancel);
        Assert.Equal(15, _service.Calls.Count);
        var decreasing = new FakeEmbeddingService();
        await Packed(decreasing, limits with { Strategy = new BestFitDecreasing() }).GenerateAsync(texts, null, Cancel);
        Assert.Equal(20, decreasing.Calls.Count);
    }

    [Fact]
    public async Task Options_that_change_after_the_call_began_do_not_reach_it()
    {
        using var begun = new SemaphoreSlim(0);
        var changed = new TaskCompletionSource();
        var service = new FakeEmbeddingService
        {
            Before = (call, cancel) =>
            {
                begun.Release();
                return call == 0 ? changed.Task.WaitAsync(cancel) : Task.CompletedTask;
            },
        };
        var options = new EmbeddingGenerationOptions { ModelId = "before" };
        var answer = Packed(service, new() { MaxTokens = 1 }).GenerateAsync(["a", "b"], options, Cancel);
        await begun.WaitAsync(Cancel);
        options.ModelId = "after";
        changed.SetResult();
        Assert.Equal(["before", "before"], (await answer).Select(embedding => embedding.ModelId));
    }

    [Fact]
    public async Task A_strategy_that_answers_wrongly_is_found_out_before_any_call()
    {
        var drops = new Answering(it => it with { Packing = Packing.FromAssignment([0, 1], 2) });
        var overfills = new Answering(it => it with { Packing = Packing.FromAssignment([0, 0, 0], 1) });
        foreach (var (strategy, wrong) in new[] { (drops, "MissingItem"), (overfills, "OverCapacity") })
        {
            var found = await Assert.ThrowsAsync<InvalidPackingException>(() => Asked(strategy));
            Assert.Contains("Strategy 'answering'", found.Message, StringComparison.Ordinal);
            Assert.Contains(wrong, found.Message, StringComparison.OrdinalIgnoreCase);
        }
        foreach (var strategy in new[] { new Answering(_ => null), new Answering(it => it with { Packing = null! }) })
            Assert.Contains(
                "Strategy 'answering' returned", (await Assert.ThrowsAsync<InvalidOperationException>(() => Asked(strategy))).Message,
                StringComparison.Ordinal);
        Assert.Empty(_service.Calls);

        Task Asked(IPackingStrategy strategy) =>
            Packed(_service, new() { MaxTokens = 2, Strategy = strategy }).GenerateAsync(["aa", "b", "c"], null, Cancel);
    }

    /// <summary>Best-fit decreasing, whose result is changed.</summary>
    private sealed class Answering(Func<PackingResult, PackingResult?> change) : IPackingStrategy
    {
        public string Id => "answering";

        public PackingResult Pack(
            PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
            change(new BestFitDecreasing().Pack(problem, progress, cancellationToken))!;
    }

    private static IEmbeddingGenerator<string, Embedding<float>> Packed(FakeEmbeddingService service, EmbeddingCallOptions options) =>
        service.UsePacking(text => text.Length, options);
}
