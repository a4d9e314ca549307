using System.Text.Json;
using PackingKit.Samples.Models;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>
/// A Llama as Hugging Face's <c>save_pretrained</c> writes it: a folder with config.json and one or several safetensors files.
/// </summary>
internal static class Checkpoint
{
    /// <summary>Reads shape and weights.</summary>
    /// <exception cref="BadInputException">
    /// A file is missing or wrong, or the model is not one that the sample computes; the message says which and why.
    /// </exception>
    public static LlamaWeights Read(string folder, Device device, ScalarType dtype)
    {
        var shape = ReadShape(Path.Combine(folder, "config.json"), out var tied);
        var paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "model*.safetensors") : [];
        if (paths.Length == 0)
            throw new BadInputException($"{folder}: there is no model*.safetensors in it.");
        var files = new List<SafetensorsFile>();
        try
        {
            foreach (var path in paths.Order(StringComparer.Ordinal))
                files.Add(new SafetensorsFile(path));
            return new TensorLoader(folder, files, shape, device, dtype).Load(tied);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private static LlamaShape ReadShape(string path, out bool tied)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var config = json.RootElement;
            Require("model_type", Text("model_type") == "llama", "llama");
            Require("hidden_act", Text("hidden_act") is null or "silu", "silu");
            Require("attention_bias", !Flag("attention_bias"), "false");
            Require("mlp_bias", !Flag("mlp_bias"), "false");
            var rope = Object("rope_parameters") ?? Object("rope_scaling");
            var ropeType = rope is { } given && given.TryGetProperty("rope_type", out var type) ? type.GetString() : "default";
            Require("rope type", ropeType == "default", "default");
            tied = Flag("tie_word_embeddings");
            var (hidden, heads) = (Size("hidden_size"), Size("num_attention_heads"));
            var shape = new LlamaShape(
                hidden, Size("num_hidden_layers"), heads, Size("num_key_value_heads", heads), Size("intermediate_size"), Size("vocab_size"))
            {
                HeadSize = Size("head_dim", hidden / heads),
                NormEpsilon = Number(config, "rms_norm_eps") ?? throw new BadInputException($"{path}: rms_norm_eps is missing."),
                RotaryBase = (rope is { } parameters ? Number(parameters, "rope_theta") : null) ?? Number(config, "rope_theta") ?? 10000,
            };
            Check(path, shape);
            return shape;

            int Size(string name, int? usual = null)
            {
                if (!config.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
                    return usual ?? throw new BadInputException($"{path}: {name} is missing.");
                return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size > 0
                    ? size
                    : throw new BadInputException($"{path}: {name} is {Short(value)}, not a whole number from 1 to {int.MaxValue}.");
            }
            string? Text(string name) => config.TryGetProperty(name, out var value) ? value.GetString() : null;
            bool Flag(string name) => config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
            JsonElement? Object(string name) =>
                config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

            void Require(string name, bool holds, string value)
            {
                if (!holds)
                    throw new BadInputException($"{path}: the sample computes Llamas whose {name} is {value}, and this one's is not.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
                                              or InvalidOperationException or FormatException)
        {
            throw new BadInputException($"{path}: {exception.Message}", exception);
        }
    }

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 40 } text ? text[..40] + "..." : value.GetRawText();

    /// <summary>Refuses sizes that do not go together, or that no tensor has.</summary>
    private static void Check(string path, LlamaShape shape)
    {
        Require(shape.Heads % shape.KeyValueHeads == 0, $"{shape.KeyValueHeads} KV heads do not divide {shape.Heads} heads");
        Require(
            shape.HeadSize > 0 && shape.HeadSize % 2 == 0, $"heads of {shape.HeadSize} elements have no halves for the rotary embedding");
        var widest = Math.Max((shape.Heads + 2L * shape.KeyValueHeads) * shape.HeadSize, 2L * shape.Intermediate);
        Require(widest <= int.MaxValue, $"its widest product has {widest} columns");
        Require(shape.NormEpsilon >= 0 && double.IsFinite(shape.NormEpsilon), $"rms_norm_eps is {shape.NormEpsilon}");
        Require(shape.RotaryBase > 0 && double.IsFinite(shape.RotaryBase), $"rope_theta is {shape.RotaryBase}");

        void Require(bool holds, FormattableString otherwise)
        {
            if (!holds)
                throw new BadInputException($"{path}: {FormattableString.Invariant(otherwise)}.");
        }
    }

    /// <summary>Puts tensors by their names where the model wants them.</summary>
    private sealed class TensorLoader(string folder, IEnumerable<SafetensorsFile> files, LlamaShape shape, Device device, ScalarType dtype)
    {
        public LlamaWeights Load(bool tied)
        {
            var (queries, keys) = (shape.Heads * shape.HeadSize, shape.KeyValueHeads * shape.HeadSize);
            var layers = new List<LayerWeights>(); // as many as the files have, whatever config.json says
            for (var i = 0; i < shape.Layers; i++)
            {
                var layer = $"model.layers.{i}";
                layers.Add(new LayerWeights(
                    Vector($"{layer}.input_layernorm.weight"),
                    Matrix(
                        shape.Hidden, ($"{layer}.self_attn.q_proj.weight", queries), ($"{layer}.self_attn.k_proj.weight", keys),
                        ($"{layer}.self_attn.v_proj.weight", keys)),
                    Matrix(queries, ($"{layer}.self_attn.o_proj.weight", shape.Hidden)),
                    Vector($"{layer}.post_attention_layernorm.weight"),
                    Matrix(
                        shape.Hidden, ($"{layer}.mlp.gate_proj.weight", shape.Intermediate),
                        ($"{layer}.mlp.up_proj.weight", shape.Intermediate)),
                    Matrix(shape.Intermediate, ($"{layer}.mlp.down_proj.weight", shape.Hidden))));
            }
            const string embedding = "model.embed_tokens.weight";
            return new LlamaWeights(
                shape, Matrix(shape.Hidden, (embedding, shape.Vocabulary)), [.. layers], Vector("model.norm.weight"),
                Matrix(shape.Hidden, (tied ? embedding : "lm_head.weight", shape.Vocabulary)));
        }

        private Tensor Vector(string name)
        {
            RequireShape(name, [shape.Hidden]);
            var vector = empty([shape.Hidden], dtype, device).DetachFromDisposeScope();
            Copy(name, vector);
            return vector;
        }

        /// <summary>Some matrices above each other: one product then computes them all.</summary>
        private Tensor Matrix(int inputs, params (string Name, int Outputs)[] parts)
        {
            foreach (var (name, outputs) in parts)
                RequireShape(name, [outputs, inputs]);
            var matrix = empty([parts.Sum(part => part.Outputs), inputs], dtype, device).DetachFromDisposeScope();
            var row = 0;
            foreach (var (name, outputs) in parts)
            {
                using var rows = matrix.narrow(0, row, outputs);
                Copy(name, rows);
                row += outputs;
            }
            return matrix;
        }

        private void Copy(string name, Tensor to)
        {
            using var tensor = FileOf(name).Read(name);
            to.copy_(tensor);
        }

        /// <summary>Before anything is allocated: the file has the bytes of its tensors, config.json may claim anything.</summary>
        private void RequireShape(string name, ReadOnlySpan<long> expected)
        {
            var actual = FileOf(name).ShapeOf(name);
            if (!actual.SequenceEqual(expected))
                throw new BadInputException(
                    $"{folder}: tensor '{name}' has the shape [{string.Join(", ", actual.ToArray())}]; " +
                    $"config.json asks for [{string.Join(", ", expected.ToArray())}].");
        }

        private SafetensorsFile FileOf(string name) =>
            files.FirstOrDefault(file => file.Names.Contains(name))
            ?? throw new BadInputException($"{folder}: no file in it has the tensor '{name}'.");
    }
}
