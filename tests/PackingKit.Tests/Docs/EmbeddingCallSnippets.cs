using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Tokenizers;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The code of docs/embedding-calls.md.</summary>
public class EmbeddingCallSnippets
{
    [Fact]
    public async Task Packing_any_generator()
    {
        IEmbeddingGenerator<string, Embedding<float>> service = new FakeEmbeddingService();
        string[] texts = ["hot tea", "cold water", "tea is hot water"];
        var cancellationToken = TestContext.Current.CancellationToken;
        #region packed calls
        var tokenizer = TiktokenTokenizer.CreateForModel("text-embedding-3-small"); // what the service counts by
        var limits = new EmbeddingCallOptions { MaxTokens = 300_000, MaxInputs = 2048, MaxConcurrency = 4 };
        var packed = service.UsePacking(text => tokenizer.CountTokens(text), limits);
        var embeddings = await packed.GenerateAsync(texts, cancellationToken: cancellationToken);
        #endregion
        Assert.Equal(texts.Select(FakeEmbeddingService.Vector), embeddings.Select(embedding => embedding.Vector.ToArray()));
    }

    [Fact]
    public async Task In_a_pipeline()
    {
        var fake = new FakeEmbeddingService();
        IEmbeddingGenerator<string, Embedding<float>> service = fake;
        var tokenizer = TiktokenTokenizer.CreateForModel("text-embedding-3-small");
        var limits = new EmbeddingCallOptions { MaxTokens = 4 };
        using var spans = new Spans("requests", "calls");

        #region pipeline
        var services = new ServiceCollection();
        services.AddDistributedMemoryCache();              // or Redis, SQL Server
        services.AddEmbeddingGenerator(service)            // from outside to inside:
            .UseDistributedCache()                         // what was embedded before is not sent again
            .UseOpenTelemetry(sourceName: "requests")      // a span for what is left of a request
            .Use(inner => inner.UsePacking(text => tokenizer.CountTokens(text), limits))
            .UseOpenTelemetry(sourceName: "calls");        // a span for each call
        await using var provider = services.BuildServiceProvider();
        var generator = provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        #endregion

        var cancellationToken = TestContext.Current.CancellationToken;
        await generator.GenerateAsync(["hot tea"], null, cancellationToken);
        string[] texts = ["hot tea", "cold water", "tea is hot water"]; // 2, 2 and 4 tokens, the first of which are cached
        var embeddings = await generator.GenerateAsync(texts, null, cancellationToken);
        Assert.Equal(texts.Select(FakeEmbeddingService.Vector), embeddings.Select(embedding => embedding.Vector.ToArray()));
        Assert.Equal(["cold water", "hot tea", "tea is hot water"], fake.Calls.Select(Assert.Single).Order(StringComparer.Ordinal));
        var requests = spans.Of("requests");
        Assert.Equal(2, requests.Length);
        var calls = spans.Of("calls");
        Assert.Equal(3, calls.Length);
        Assert.Equal([1, 2], requests.Select(request => calls.Count(call => call.ParentSpanId == request.SpanId)).Order());
    }

    /// <summary>What an OpenTelemetry exporter would get.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly List<Activity> _stopped = [];
        private readonly ActivityListener _listener;

        public Spans(params string[] sources)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => sources.Contains(source.Name),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = activity =>
                {
                    lock (_stopped)
                        _stopped.Add(activity);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity[] Of(string source)
        {
            lock (_stopped)
                return [.. _stopped.Where(activity => activity.Source.Name == source)];
        }

        public void Dispose() => _listener.Dispose();
    }
}
