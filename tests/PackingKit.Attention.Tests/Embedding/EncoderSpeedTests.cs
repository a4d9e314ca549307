using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Tokenizers;
using PackingKit.Testing;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>An encoder on packed texts beside the same on padded batches of the same budget, on real lengths.</summary>
public sealed class EncoderSpeedTests(ITestOutputHelper output)
{
    /// <summary>Percent of the ratio of slots that the ratio of times is at least; docs/embedding.md quotes it.</summary>
    internal const int MinShare = 85;

    private const int Budget = 4096, LongestText = 512, Texts = 64, Rounds = 3;

    private static readonly string[] Sets =
    [
        "alpaca_text_llama2_digitised", "samsum_test_llama2", "hh_harmless_base_test_llama2", "wikitext2_test_llama2",
        "lmsys_chat_llama2",
    ];

    // A timing: it runs only when asked for, with -explicit only.
    [Fact(Explicit = true)]
    public async Task Packing_an_encoder_saves_the_time_of_the_padding()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        set_num_threads(1);
        using var encoder = new SpeedEncoder();
        var tokenizer = Letters.Bert();
        using var generator = new PackedEmbeddingGenerator(
            tokenizer, encoder.Packed, new() { TokenBudget = Budget, MaxTokensPerText = LongestText });
        foreach (var set in Sets)
        {
            var texts = new Random(1).GetItems(Lengths(set), Texts)
                .Select(length => string.Join(' ', Letters.Text(Math.Max(1, length - 2), length).AsEnumerable())).ToArray();
            var ids = Array.ConvertAll(texts, text => ((BertTokenizer)tokenizer).EncodeToIds(text, addSpecialTokens: true).ToArray());
            int[] order = [.. Enumerable.Range(0, Texts)], sorted = [.. order.OrderByDescending(text => ids[text].Length)];
            var (arrival, byLength) = (Batches(ids, order), Batches(ids, sorted));
            var tokens = ids.Sum(text => text.Length);

            var (packed, inOrder, inSorted) = (double.MaxValue, double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++) // in turn: others may be working on this machine
            {
                var start = Clock();
                var answer = await generator.GenerateAsync(texts, null, TestContext.Current.CancellationToken);
                packed = Math.Min(packed, Clock() - start);
                var padded = Padded(arrival, ref inOrder);
                Padded(byLength, ref inSorted);
                for (var text = 0; text < Texts; text++)
                    for (var i = 0; i < SpeedEncoder.Hidden; i++)
                        Assert.Equal(padded[text][i], answer[text].Vector.Span[i], 1e-4);
            }
            Report("as they come", inOrder, arrival);
            Report("by length", inSorted, byLength);

            void Report(string name, double time, int[][] batches)
            {
                var slots = (double)batches.Sum(batch => batch.Length * batch.Max(text => ids[text].Length)) / tokens;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {set} | {tokens:N0} | {name} | {slots:F2} | {time / packed:F2} | {time / packed / slots:F2} |"));
                Assert.True(100 * time >= MinShare * slots * packed, $"{set}, {name}: {time / packed / slots:F2} of the ratio of slots");
            }

            float[][] Padded(int[][] batches, ref double least)
            {
                var vectors = new float[Texts][];
                var start = Clock();
                foreach (var batch in batches)
                {
                    var rows = encoder.Padded(Array.ConvertAll(batch, text => ids[text]));
                    for (var i = 0; i < batch.Length; i++)
                        vectors[batch[i]] = rows[i];
                }
                least = Math.Min(least, Clock() - start);
                return vectors;
            }
        }
    }

    /// <summary>Real lengths, cut to what the encoder takes.</summary>
    internal static int[] Lengths(string set) =>
        [.. File.ReadLines(SharedData.Require("data", "lengths", $"{set}.csv"))
            .Select(line => Math.Min(int.Parse(line, CultureInfo.InvariantCulture), LongestText))];

    private static double Clock() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    /// <summary>In the given order, as many as keep rows times longest within the budget.</summary>
    private static int[][] Batches(int[][] ids, int[] order)
    {
        var (batches, batch, longest) = (new List<int[]>(), new List<int>(), 0);
        foreach (var text in order)
        {
            if ((batch.Count + 1) * Math.Max(longest, ids[text].Length) > Budget)
            {
                batches.Add([.. batch]);
                (batch, longest) = ([], 0);
            }
            batch.Add(text);
            longest = Math.Max(longest, ids[text].Length);
        }
        return [.. batches, [.. batch]];
    }

    /// <summary>An encoder of six layers, 384 wide, 12 heads, as small embedding models have.</summary>
    private sealed class SpeedEncoder : IDisposable
    {
        public const int Hidden = 384;
        private const int Heads = 12, HeadSize = Hidden / Heads, Layers = 6, Positions = 512;
        private static readonly AttentionShape Shape = new(Heads, Heads, HeadSize, ScalarType.Float32);
        private readonly Embedding _words = nn.Embedding(Letters.VocabularySize, Hidden);
        private readonly Embedding _places = nn.Embedding(Positions, Hidden);
        private readonly Layer[] _layers = [.. Enumerable.Range(0, Layers).Select(_ => new Layer())];

        /// <summary>[tokens, hidden].</summary>
        public Tensor Packed(PackedBatch batch)
        {
            using var attention = PackedAttention.Plan(batch, Shape, visibility: Visibility.Bidirectional);
            var hidden = Embed(batch.InputIds.flatten(), batch.PositionIds.flatten());
            foreach (var layer in _layers)
                hidden = layer.Forward(hidden, heads =>
                {
                    var parts = heads.view(-1, 3 * Heads, HeadSize).chunk(3, 1);
                    return attention.Forward(parts[0], parts[1], parts[2]).flatten(1);
                });
            return hidden;
        }

        /// <summary>Right-padded texts under a mask, pooled by the mean; what every encoder outside of this library does.</summary>
        public float[][] Padded(int[][] texts)
        {
            using var scope = NewDisposeScope();
            var (rows, longest) = (texts.Length, texts.Max(text => text.Length));
            var ids = new long[rows * longest];
            for (var row = 0; row < rows; row++)
                for (var i = 0; i < texts[row].Length; i++)
                    ids[row * longest + i] = texts[row][i];
            var lengths = tensor(Array.ConvertAll(texts, text => (long)text.Length)).unsqueeze(1);
            var isToken = arange(longest).unsqueeze(0).lt(lengths); // [rows, longest]
            var mask = zeros(rows, 1, 1, longest).masked_fill_(isToken.logical_not().view(rows, 1, 1, longest), float.NegativeInfinity);
            var hidden = Embed(tensor(ids).view(rows, longest), arange(longest, ScalarType.Int64));
            foreach (var layer in _layers)
                hidden = layer.Forward(hidden, heads =>
                {
                    var parts = heads.view(rows, longest, 3 * Heads, HeadSize).transpose(1, 2).chunk(3, 1);
                    return nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], mask).transpose(1, 2).flatten(2);
                });
            var means = hidden.mul(isToken.unsqueeze(2)).sum(1).div(lengths);
            return [.. means.data<float>().ToArray().Chunk(Hidden)];
        }

        public void Dispose()
        {
            foreach (var module in _layers.SelectMany(layer => layer.Modules).Append(_words).Append(_places))
                module.Dispose();
        }

        private Tensor Embed(Tensor ids, Tensor places) => _words.forward(ids) + _places.forward(places);

        private sealed class Layer
        {
            private readonly Linear _heads = nn.Linear(Hidden, 3 * Hidden), _output = nn.Linear(Hidden, Hidden);
            private readonly Linear _up = nn.Linear(Hidden, 4 * Hidden), _down = nn.Linear(4 * Hidden, Hidden);
            private readonly LayerNorm _first = nn.LayerNorm(Hidden), _second = nn.LayerNorm(Hidden);

            public IEnumerable<nn.Module> Modules => [_heads, _output, _up, _down, _first, _second];

            public Tensor Forward(Tensor hidden, Func<Tensor, Tensor> attend)
            {
                using var scope = NewDisposeScope();
                hidden = _first.forward(hidden + _output.forward(attend(_heads.forward(hidden))));
                hidden = _second.forward(hidden + _down.forward(nn.functional.gelu(_up.forward(hidden))));
                return hidden.MoveToOuterDisposeScope();
            }
        }
    }
}
