#:project ../../src/PackingKit.csproj
using Microsoft.Extensions.AI;
using PackingKit;

var limits = new EmbeddingCallOptions { MaxTokens = 10, MaxInputs = 3 };
var packed = new Service().UsePacking(text => text.Length, limits); // count as your service does
var answer = await packed.GenerateAsync(["hot water", "tea", "milk", "a cup", "sugar", "ice"]);
Console.WriteLine(answer.AdditionalProperties![EmbeddingCallStatistics.Key]);

internal class Service : IEmbeddingGenerator<string, Embedding<float>> // yours, of OpenAI, Ollama or another
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> texts, EmbeddingGenerationOptions? options, CancellationToken token) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(new float[3]))));
    public object? GetService(Type type, object? key) => null;
    public void Dispose() { }
}
