using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace PackingKit.Tests;

/// <summary>
/// A service whose vector of a text is its length and its sum of characters; it bills a token a character, and notes its calls.
/// </summary>
internal sealed class FakeEmbeddingService : IEmbeddingGenerator<string, Embedding<float>>
{
    private int _active;
    private int _mostActive;

    public ConcurrentQueue<string[]> Calls { get; } = [];

    public int MostActive => _mostActive;

    public bool IsDisposed { get; private set; }

    /// <summary>What happens before a call, numbered from 0, is answered.</summary>
    public Func<int, CancellationToken, Task> Before { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Changes the answer of a call.</summary>
    public Func<int, GeneratedEmbeddings<Embedding<float>>, GeneratedEmbeddings<Embedding<float>>?> After { get; init; } = (_, it) => it;

    public static float[] Vector(string text) => [text.Length, text.Sum(letter => letter)];

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        int call;
        lock (Calls)
        {
            call = Calls.Count;
            Calls.Enqueue(texts);
            _mostActive = Math.Max(_mostActive, ++_active);
        }
        try
        {
            await Before(call, cancellationToken);
            return After(call, new(texts.Select(text => new Embedding<float>(Vector(text)) { ModelId = options?.ModelId }))
            {
                Usage = new UsageDetails { InputTokenCount = texts.Sum(text => (long)text.Length) },
                AdditionalProperties = new() { ["service"] = "fake", ["call"] = call },
            })!;
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => IsDisposed = true;
}
