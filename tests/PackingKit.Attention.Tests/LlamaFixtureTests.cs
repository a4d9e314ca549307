using PackingKit.Samples.Prefill;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Samples.Prefill.Modes;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>
/// The sample's Llama against Hugging Face transformers, by a fixture that make_tiny_llama.py wrote: see fixtures/README.md.
/// </summary>
public class LlamaFixtureTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "fixtures", "tiny-llama");

    public static TheoryData<string, DeviceType> ModesAndDevices
    {
        get
        {
            var data = new TheoryData<string, DeviceType>();
            foreach (var mode in PrefillMode.All)
                foreach (var device in (DeviceType[])[DeviceType.CPU, DeviceType.CUDA])
                    data.Add(mode.Name, device);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ModesAndDevices))]
    public void In_float32_every_mode_gives_the_logits_and_caches_of_transformers(string mode, DeviceType device)
    {
        var error = WorstError(mode, device, ScalarType.Float32);
        Assert.True(error <= 2e-5, $"The largest relative error is {error:E2}.");
    }

    [Theory]
    [MemberData(nameof(ModesAndDevices))]
    public void In_bfloat16_every_mode_is_as_near_to_float32_as_transformers_is(string mode, DeviceType device)
    {
        using var scope = NewDisposeScope();
        using var expected = new SafetensorsFile(Path.Combine(Folder, "expected.safetensors"));
        var theirs = 0.0;
        for (var prompt = 0; prompt < PromptCount(expected); prompt++)
            foreach (var part in (string[])["logits", "keys", "values"])
                theirs = Math.Max(theirs, Error(expected.Read($"bfloat16.{prompt}.{part}"), expected.Read($"float32.{prompt}.{part}")));
        var ours = WorstError(mode, device, ScalarType.BFloat16);
        Assert.True(ours <= 2 * theirs, $"The largest relative error is {ours:E2}, that of transformers {theirs:E2}.");
    }

    /// <summary>Over prompts, of logits, keys and values, against float32 of transformers.</summary>
    private static double WorstError(string mode, DeviceType deviceType, ScalarType dtype)
    {
        if (deviceType == DeviceType.CUDA)
            Cuda.Require();
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var expected = new SafetensorsFile(Path.Combine(Folder, "expected.safetensors"));
        using var model = new LlamaModel(Checkpoint.Read(Folder, new Device(deviceType), dtype), maxPositions: 256);
        var prompts = Enumerable.Range(0, PromptCount(expected))
            .Select(prompt => Array.ConvertAll(expected.Read($"float32.{prompt}.ids").data<long>().ToArray(), id => (int)id)).ToArray();
        using var result =
            PrefillRun.Execute(model, PrefillMode.Named(mode), prompts, new ModeSettings(new BestFitDecreasing(), null, null));
        var worst = 0.0;
        foreach (var results in result.Results)
            for (var i = 0; i < results.Prompts.Length; i++)
            {
                var prompt = results.Prompts[i];
                var layers = Enumerable.Range(0, model.Shape.Layers).Select(layer => results.Of(i, layer)).ToArray();
                worst = Worse(worst, Error(result.Logits[prompt], expected.Read($"float32.{prompt}.logits")));
                worst = Worse(worst, Error(stack(layers.Select(layer => layer.Keys)), expected.Read($"float32.{prompt}.keys")));
                worst = Worse(worst, Error(stack(layers.Select(layer => layer.Values)), expected.Read($"float32.{prompt}.values")));
            }
        return worst;
    }

    private static int PromptCount(SafetensorsFile expected) => expected.Names.Count(name =>
        name.StartsWith("float32.", StringComparison.Ordinal) && name.EndsWith(".ids", StringComparison.Ordinal));

    private static double Error(Tensor value, Tensor reference)
    {
        Assert.Equal(reference.shape, value.shape);
        var exact = reference.to(ScalarType.Float64);
        return ((value.cpu().to(ScalarType.Float64) - exact).norm() / exact.norm()).item<double>();
    }

    private static double Worse(double error, double other) => double.IsNaN(other) ? double.PositiveInfinity : Math.Max(error, other);
}
