using System.Text;
using System.Text.Json;
using PackingKit.Samples.Prefill;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Prompts;
using PackingKit.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Whatever a file of the sample holds, it is read or refused as documented.</summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly string TinyLlama = Path.Combine(AppContext.BaseDirectory, "fixtures", "tiny-llama");

    private readonly string _folder = Directory.CreateTempSubdirectory("packingkit-fuzz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_safetensors_file_is_read_or_refused()
    {
        var header = Encoding.UTF8.GetBytes(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"""
            + ""","b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}""");
        byte[] document = [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[16]];
        Run("model.safetensors", path =>
        {
            using var scope = NewDisposeScope();
            using var file = new SafetensorsFile(path);
            foreach (var name in file.Names)
                Assert.NotNull(file.Read(name));
        }, document);
    }

    [Fact]
    public void A_configuration_is_read_or_refused()
    {
        foreach (var weights in Directory.GetFiles(TinyLlama, "*.safetensors"))
            File.CreateSymbolicLink(Path.Combine(_folder, Path.GetFileName(weights)), weights);
        Run("config.json", path =>
        {
            using var scope = NewDisposeScope();
            Checkpoint.Read(_folder, CPU, ScalarType.Float32).Dispose();
        }, File.ReadAllBytes(Path.Combine(TinyLlama, "config.json")));
    }

    [Fact]
    public void Lengths_of_prompts_are_read_or_refused() =>
        Run("lengths.csv", path => PromptLengths.Read(path, 4096), Encoding.UTF8.GetBytes("5\n\n7\r\n4097\n"));

    [Fact]
    public void Whole_prompts_are_read_or_refused() => Run(
        "prompts.jsonl", path => PromptSets.Read(path, tasks: 1, maxLength: 4096),
        Encoding.UTF8.GetBytes("{\"token_ids\": [1, 2, 30000]}\n\n{\"token_ids\": [1, 5]}\n"));

    [Fact]
    public void The_rotary_embedding_of_a_configuration_is_read_or_refused()
    {
        var documents = new[]
        {
            """{"hidden_size": 64, "num_attention_heads": 4, "rope_theta": 500000.0, "rope_scaling": {"rope_type": "llama3", """
                + """ "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192} }""",
            """{"head_dim": 16, "max_position_embeddings": 4096, "rope_parameters": {"rope_theta": 1e6, "rope_type": "yarn", """
                + """ "factor": 4, "beta_fast": 32, "beta_slow": 1, "truncate": false} }""",
            """{"head_dim": 16, "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]} }""",
        };
        Fuzzing.Run(Array.ConvertAll(documents, Encoding.UTF8.GetBytes), bytes =>
        {
            try
            {
                using var config = JsonDocument.Parse(bytes);
                RotaryFrequencies.FromConfig(config.RootElement);
            }
            catch (JsonException bad) // the caller's, who has read the file
            {
                throw new FormatException("This is no JSON.", bad);
            }
        }, refusal => refusal is FormatException or NotSupportedException);
    }

    private void Run(string name, Action<string> read, byte[] document)
    {
        var path = Path.Combine(_folder, name);
        Fuzzing.Run([document], bytes =>
        {
            File.WriteAllBytes(path, bytes);
            read(path);
        }, refusal => refusal is BadInputException);
    }
}
