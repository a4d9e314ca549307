using System.Text.Json;
using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Scaled frequencies, positions of several rows and neighbours as pairs, held against formulas written out.</summary>
[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 30)]
public class RotaryFrequenciesTests
{
    [Fact]
    public void Llama_leaves_high_frequencies_and_divides_low_ones()
    {
        var usual = RotaryFrequencies.Usual(128, 500000);
        var scaled = usual.Llama3(8, 1, 4, 8192);
        for (var i = 0; i < 64; i++)
        {
            var wavelength = 2 * Math.PI / usual.Values[i];
            var smooth = (8192 / wavelength - 1) / (4 - 1);
            var expected = wavelength < 8192 / 4.0 ? usual.Values[i]
                : wavelength > 8192 ? usual.Values[i] / 8
                : (1 - smooth) * usual.Values[i] / 8 + smooth * usual.Values[i];
            Assert.Equal(expected, scaled.Values[i], tolerance: 1e-12 * expected);
        }
        Assert.Equal(1, scaled.Magnitude);
    }

    [Fact]
    public void Yarn_divides_slow_pairs_and_has_a_magnitude()
    {
        var usual = RotaryFrequencies.Usual(128, 10000);
        var scaled = usual.Yarn(16, 10000, 4096);
        Assert.Equal(0.1 * Math.Log(16) + 1, scaled.Magnitude);
        // 32 turns in 4,096 positions: pair 20.9; one turn: pair 45.03.
        for (var i = 0; i <= 20; i++)
            Assert.Equal(usual.Values[i], scaled.Values[i]);
        Assert.Equal(usual.Values[33] * (1 - 13 / 26.0 + 13 / 26.0 / 16), scaled.Values[33], tolerance: 1e-15);
        for (var i = 46; i < 64; i++)
            Assert.Equal(usual.Values[i] / 16, scaled.Values[i], tolerance: 1e-15);
        Assert.Equal(1, usual.Yarn(0.5, 10000, 4096).Magnitude);
        Assert.Equal(2, usual.Yarn(16, 10000, 4096, magnitude: 2).Magnitude);
    }

    /// <summary>What transformers 5.17 makes of the same configurations, in float32: some pairs from the first to the last.</summary>
    [Fact]
    public void Frequencies_are_those_of_transformers()
    {
        Same(
            RotaryFrequencies.Usual(32, 500000).Llama3(8, 1, 4, 8192), 1,
            (1, 0.44036662578582764), (7, 0.0032114461064338684), (8, 0.0005248460220173001), (9, 7.784655463183299e-05),
            (15, 5.677088097399974e-07));
        Same(
            RotaryFrequencies.Usual(32).Yarn(4, 10000, 2048), 1.138629436111989,
            (4, 0.10000000149011612), (5, 0.05020904168486595), (8, 0.0057142856530845165), (11, 0.00044456985779106617),
            (15, 4.4456985051510856e-05));
        Same(
            RotaryFrequencies.FromConfig(JsonDocument.Parse("""
                { "hidden_size": 128, "num_attention_heads": 4, "rope_parameters": { "rope_type": "yarn", "rope_theta": 1e6, "factor": 40.0,
                  "original_max_position_embeddings": 4096, "mscale": 0.707, "mscale_all_dim": 1.0, "beta_fast": 16.0 } }
                """).RootElement), 0.9210423553163399,
            (4, 0.03162277862429619), (5, 0.010084756650030613), (7, 0.000637306715361774), (8, 2.499999936844688e-05),
            (15, 5.928434276825101e-08));

        static void Same(RotaryFrequencies actual, double magnitude, params ReadOnlySpan<(int Pair, double Frequency)> expected)
        {
            Assert.Equal(magnitude, actual.Magnitude, tolerance: 1e-12);
            foreach (var (pair, frequency) in expected)
                Assert.Equal(frequency, actual.Values[pair], tolerance: 3e-7 * frequency);
        }
    }

    [Fact]
    public void A_configuration_says_it_all()
    {
        Assert.Equal(RotaryFrequencies.Usual(64, 10000), From("""{ "hidden_size": 256, "num_attention_heads": 4 }"""));
        Assert.Equal(
            RotaryFrequencies.Usual(128, 500000).Llama3(8, 1, 4, 8192),
            From("""
                { "head_dim": 128, "rope_theta": 500000.0, "rope_scaling": { "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                  "high_freq_factor": 4.0, "original_max_position_embeddings": 8192 } }
                """));
        Assert.Equal(
            RotaryFrequencies.Usual(128, 1e6).Yarn(4, 1e6, 32768),
            From("""
                { "head_dim": 128, "rope_theta": 1000000, "max_position_embeddings": 40960, "rope_scaling": { "type": "yarn", "factor": 4.0,
                  "original_max_position_embeddings": 32768 } }
                """));
        Assert.Equal(
            RotaryFrequencies.Usual(64, 1e6).Yarn(40, 1e6, 4096, magnitude: 1),
            From("""
                { "head_dim": 64, "rope_parameters": { "rope_type": "yarn", "rope_theta": 1000000, "factor": 40,
                  "original_max_position_embeddings": 4096, "mscale": 1.0, "mscale_all_dim": 1.0 } }
                """));
        Assert.Equal(
            RotaryFrequencies.Usual(64).Linear(2), From("""{ "head_dim": 64, "rope_scaling": { "type": "linear", "factor": 2 } }"""));
        Assert.Equal(
            RotaryFrequencies.Usual(128, 1e6).Multimodal([16, 24, 24]),
            From("""{ "head_dim": 128, "rope_theta": 1e6, "rope_scaling": { "type": "mrope", "mrope_section": [16, 24, 24] } }"""));
        // Qwen2-VL as transformers saves it; and what says that something is not so.
        Assert.Equal(
            RotaryFrequencies.Usual(128).Multimodal([16, 24, 24]),
            From("""
                { "head_dim": 128, "rope_scaling": { "type": "mrope", "rope_type": "default", "mrope_section": [16, 24, 24] } }
                """));
        Assert.Equal(
            RotaryFrequencies.Usual(64, 5e5),
            From("""
                { "head_dim": null, "hidden_size": 128, "num_attention_heads": 2.0, "rope_theta": 5e5, "rope_scaling": null,
                  "rope_interleaved": false, "partial_rotary_factor": 1.0, "properties": 3 }
                """));
        static RotaryFrequencies From(string json) => RotaryFrequencies.FromConfig(JsonDocument.Parse(json).RootElement);
    }

    [Theory]
    [InlineData("""{ "hidden_size": 256 }""", "num_attention_heads")]
    [InlineData("""{ "head_dim": 63 }""", "no halves")]
    [InlineData("""{ "head_dim": 64, "rope_theta": -1 }""", "The base is -1")]
    [InlineData("""{ "head_dim": 64, "rope_scaling": { "rope_type": "llama3" } }""", "factor")]
    [InlineData("""{ "head_dim": 64, "rope_scaling": { "rope_type": "mrope", "mrope_section": [1, 2] } }""", "3 pairs, but the head 32")]
    [InlineData("[]", "Array, not an object")]
    [InlineData("""{ "head_dim": 8.5 }""", "\"head_dim\": 8.5")]
    [InlineData("""{ "head_dim": 1e10 }""", "\"head_dim\": 1e10")]
    [InlineData("""{ "hidden_size": 65, "num_attention_heads": 8 }""", "\"hidden_size\" is 65, no multiple")]
    [InlineData("""{ "hidden_size": 64, "num_attention_heads": 0 }""", "\"num_attention_heads\", 0")]
    [InlineData("""{ "head_dim": 8, "rope_theta": "x" }""", "\"rope_theta\": \"x\"")]
    [InlineData("""{ "head_dim": 8, "rope_theta": 1e999 }""", "The base is")]
    [InlineData("""{ "head_dim": 8, "rope_scaling": "linear" }""", "\"rope_scaling\": \"linear\"")]
    [InlineData("""{ "head_dim": 8, "rope_scaling": { "type": 3 } }""", "\"type\": 3")]
    [InlineData("""{ "head_dim": 8, "rope_scaling": { "type": "linear", "factor": "8" } }""", "\"factor\": \"8\"")]
    [InlineData("""{ "head_dim": 8, "rope_scaling": { "type": "mrope" } }""", "mrope_section")]
    [InlineData("""{ "head_dim": 8, "rope_scaling": { "type": "mrope", "mrope_section": [1.5, 2.5] } }""", "\"mrope_section\": 1.5")]
    [InlineData("""{ "head_dim": 8, "rope_scaling": { "type": "mrope", "mrope_section": 4 } }""", "\"mrope_section\": 4")]
    [InlineData("""{ "head_dim": 8, "rope_scaling": { "type": "yarn", "factor": 4, "original_max_position_embeddings": 0.5 } }""", "0.5")]
    public void A_configuration_that_says_nonsense_is_refused(string json, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(
            () => RotaryFrequencies.FromConfig(JsonDocument.Parse(json).RootElement)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "head_dim": 64, "rope_scaling": { "rope_type": "longrope" } }""", "longrope")]
    [InlineData("""{ "head_dim": 64, "partial_rotary_factor": 0.5 }""", "\"partial_rotary_factor\": 0.5")]
    [InlineData("""{ "head_dim": 64, "rope_parameters": { "partial_rotary_factor": 0.5 } }""", "\"partial_rotary_factor\": 0.5")]
    [InlineData("""{ "head_dim": 64, "rotary_pct": 0.25 }""", "\"rotary_pct\": 0.25")]
    [InlineData("""{ "head_dim": 64, "rotary_dim": 32 }""", "\"rotary_dim\": 32")]
    [InlineData("""{ "head_dim": 64, "qk_rope_head_dim": 32 }""", "\"qk_rope_head_dim\": 32")]
    [InlineData("""{ "head_dim": 64, "rotary_emb_base": 1000 }""", "\"rotary_emb_base\": 1000")]
    [InlineData("""{ "head_dim": 64, "global_rope_theta": 160000.0, "local_rope_theta": null }""", "\"global_rope_theta\": 160000.0")]
    [InlineData("""{ "head_dim": 64, "rope_theta": 1e6, "rope_local_base_freq": 10000 }""", "\"rope_local_base_freq\": 10000")]
    [InlineData("""{ "head_dim": 64, "rope_scaling": { "factor": 8 } }""", "\"factor\": 8")]
    [InlineData("""{ "head_dim": 64, "rope_scaling": { "type": "linear", "factor": 8, "beta_fast": 1 } }""", "\"beta_fast\": 1")]
    [InlineData("""{ "head_dim": 64, "rope_scaling": { "rope_type": "default", "type": "yarn", "factor": 8 } }""", "\"yarn\"")]
    [InlineData("""{ "head_dim": 64, "rope_theta": 5, "rope_parameters": { "rope_theta": 6 } }""", "\"rope_theta\" is 5, but 6")]
    [InlineData("""{ "head_dim": 64, "rope_parameters": { }, "rope_scaling": { "type": "linear", "factor": 8 } }""", "\"rope_scaling\"")]
    [InlineData(
        """
        { "head_dim": 8, "rope_parameters": { "full_attention": { "rope_type": "linear", "factor": 8.0, "rope_theta": 1000000 },
          "sliding_attention": { "rope_type": "default", "rope_theta": 10000 } } }
        """, "\"rope_parameters\" has \"full_attention\": {")]
    public void A_configuration_that_is_not_known_is_refused(string json, string words) =>
        Assert.Contains(words, Assert.Throws<NotSupportedException>(
            () => RotaryFrequencies.FromConfig(JsonDocument.Parse(json).RootElement)).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_turn_their_sections_or_take_turns()
    {
        Assert.Equal([0, 1, 1, 2], RotaryFrequencies.Usual(8).Multimodal([1, 2, 1]).Rows);
        // Qwen3-VL: time first, height at 1, 4, ..., width at 2, 5, ..., the rest time again.
        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 0], RotaryFrequencies.Usual(16).Multimodal([4, 2, 2], interleaved: true).Rows);
    }

    [Property]
    public void Neighbours_turn_as_halves_do_once_they_are_put_together(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        var frequencies = RotaryFrequencies.Usual(8, 500) with { Magnitude = 1.5 };
        using var halves = new RotaryEmbedding(frequencies, 32);
        using var neighbours = new RotaryEmbedding(frequencies, 32, RotaryOrder.Interleaved);
        var q = randn(it.Layout.SlotCount, 3, 8, dtype: ScalarType.Float64);
        var order = tensor([0L, 4, 1, 5, 2, 6, 3, 7]); // halves to neighbours
        var (expected, actual) = (halves.Rotated(q, batch).index_select(2, order), neighbours.Rotated(q.index_select(2, order), batch));
        Assert.True(expected.allclose(actual, rtol: 1e-13, atol: 1e-13));
        var (inPlace, k) = (q.index_select(2, order), q.clone());
        neighbours.Apply(inPlace, k, batch);
        Assert.True(Tensors.SameBits(inPlace, actual));
        var shape = new AttentionShape(3, 3, 8, ScalarType.Float64);
        using var plan = PackedAttention.Plan(batch, shape);
        Assert.True(plan.Forward(q.clone(), q.clone(), q, halves).allclose(
            plan.Forward(q.index_select(2, order), q.index_select(2, order), q, neighbours), rtol: 1e-11, atol: 1e-11));
    }

    [Property]
    public void Given_positions_turn_each_pair_by_its_row(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var (slots, random) = (it.Layout.SlotCount, new Random(4));
        var positions = Enumerable.Range(0, 3 * slots).Select(_ => (long)random.Next(40)).ToArray();
        var frequencies = RotaryFrequencies.Usual(16, 500).Multimodal([3, 3, 2]);
        using var rotary = new RotaryEmbedding(frequencies, 40);
        using var factors = rotary.At(positions, 3, ScalarType.Float64);
        var given = randn(slots, 2, 16, dtype: ScalarType.Float64).requires_grad_();
        var rotated = factors.Rotated(given);
        var (x, y) = (given.Values<double>(), rotated.Values<double>());
        for (var slot = 0; slot < slots; slot++)
            for (var head = 0; head < 2; head++)
                for (var i = 0; i < 8; i++)
                {
                    var angle = positions[frequencies.Rows[i] * slots + slot] * frequencies.Values[i];
                    var at = (slot * 2 + head) * 16 + i;
                    Assert.Equal(x[at] * Math.Cos(angle) - x[at + 8] * Math.Sin(angle), y[at], tolerance: 1e-12);
                    Assert.Equal(x[at + 8] * Math.Cos(angle) + x[at] * Math.Sin(angle), y[at + 8], tolerance: 1e-12);
                }
        if (slots == 0)
            return;
        rotated.square().sum().backward(); // a rotation keeps lengths
        Assert.True(given.grad!.allclose(given.mul(2), rtol: 1e-12, atol: 1e-12));
    }

    [Fact]
    public void Positions_that_make_no_sense_are_refused()
    {
        using var scope = NewDisposeScope();
        using var rotary = new RotaryEmbedding(RotaryFrequencies.Usual(8).Multimodal([2, 1, 1]), 10);
        Assert.Contains("Position 1 is 10, outside of the table's 10", Assert.Throws<ArgumentOutOfRangeException>(
            () => rotary.At([0, 10])).Message, StringComparison.Ordinal);
        Assert.Contains("2 rows of positions, but the frequencies have 3", Assert.Throws<ArgumentException>(
            () => rotary.At([0, 1], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("4 positions are not 3 rows", Assert.Throws<ArgumentException>(
            () => rotary.At([0, 1, 2, 3], 3)).Message, StringComparison.Ordinal);
        using var plain = new RotaryEmbedding(RotaryFrequencies.Usual(8), 10);
        Assert.Contains("2 rows of positions, but the frequencies have one", Assert.Throws<ArgumentException>(
            () => plain.At([0, 1, 2, 3], rows: 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => rotary.At([0], dtype: ScalarType.BFloat16));
        using var batch = PackedBatch.Create(PackedLayout.Flat([2]), [[1, 2]]);
        Assert.Throws<NotSupportedException>(() => rotary.Rotated(zeros(2, 1, 8), batch));
        using var factors = rotary.At([0, 1]);
        Assert.Throws<ArgumentException>(() => factors.Rotated(zeros(3, 1, 8)));
        Assert.Throws<ArgumentException>(() => factors.Rotated(zeros(2, 1, 8, dtype: ScalarType.Int64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => RotaryFrequencies.Usual(8).Llama3(8, 4, 4, 8192));
        Assert.Throws<ArgumentOutOfRangeException>(() => RotaryFrequencies.Usual(8).Yarn(double.NaN, 10000, 8192));
    }
}
