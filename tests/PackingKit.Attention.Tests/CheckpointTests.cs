using System.Text.Json.Nodes;
using PackingKit.Samples.Prefill;
using PackingKit.Samples.Prefill.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>A config.json that claims what the files beside it do not have is refused before anything is allocated.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "fixtures", "tiny-llama");
    private readonly string _folder = Directory.CreateTempSubdirectory("packingkit-").FullName;

    public CheckpointTests()
    {
        foreach (var file in Directory.GetFiles(Fixture, "model-*.safetensors"))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
    }

    public static TheoryData<string, string, string> Claims => new()
    {
        { "intermediate_size", "-1", "intermediate_size is -1" },
        { "num_attention_heads", "0", "num_attention_heads is 0" },
        { "num_key_value_heads", "0", "num_key_value_heads is 0" },
        { "num_key_value_heads", "3", "3 KV heads do not divide 4 heads" },
        { "num_key_value_heads", "1.5", "num_key_value_heads is 1.5" },
        { "head_dim", "1e300", "head_dim is 1e300" },
        { "head_dim", "15", "heads of 15 elements have no halves" },
        { "head_dim", "2147483646", "its widest product has" },
        { "hidden_size", "2147483647", "config.json asks for [2147483647]" },
        { "hidden_size", "99999999999", "hidden_size is 99999999999" },
        { "hidden_size", "\"64\"", "hidden_size is \"64\"" },
        { "vocab_size", "2147483647", "config.json asks for [2147483647, 64]" },
        { "intermediate_size", "1073741823", "config.json asks for [1073741823, 64]" },
        { "intermediate_size", "2147483647", "its widest product has" },
        { "num_hidden_layers", "2147483647", "no file in it has the tensor 'model.layers.2." },
        { "num_hidden_layers", "null", "num_hidden_layers is missing" },
        { "rms_norm_eps", "-1", "rms_norm_eps is -1" },
        { "rms_norm_eps", "1e999", "rms_norm_eps is" },
        { "rope_parameters", "{\"rope_theta\":0}", "rope_theta is 0" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public void A_config_that_claims_too_much_is_refused_with_the_reason(string name, string value, string reason)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Fixture, "config.json")))!;
        config[name] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(_folder, "config.json"), config.ToJsonString());
        var thrown = Assert.Throws<BadInputException>(() => Checkpoint.Read(_folder, CPU, ScalarType.Float32));
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16L << 20);
    }

    [Fact]
    public void The_fixture_as_it_is_is_read()
    {
        File.Copy(Path.Combine(Fixture, "config.json"), Path.Combine(_folder, "config.json"));
        using var weights = Checkpoint.Read(_folder, CPU, ScalarType.Float32);
        Assert.Equal(2, weights.Layers.Length);
        Assert.Equal([320, 64], weights.Embedding.shape);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
