#region Attention: prefill and decoding
using PackingKit.Attention;
using TorchSharp;
using static TorchSharp.torch;

internal static class Prefill
{
    private const int Vocabulary = 100, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 8, Hidden = Heads * HeadSize;

    public static void Main()
    {
        TorchRuntime.EnsureLoaded(); // first thing, before anything else of TorchSharp
        using var gradients = no_grad();
        using var tensors = NewDisposeScope();

        // A model without norms and feed-forward layers, which work token by token and need no change.
        var embedding = nn.Embedding(Vocabulary, Hidden);
        var layers = Enumerable.Range(0, Layers);
        var projections = nn.ModuleList([.. layers.Select(_ => nn.Linear(Hidden, (Heads + 2 * KeyValueHeads) * HeadSize))]);
        var outputs = nn.ModuleList([.. layers.Select(_ => nn.Linear(Hidden, Hidden))]);
        var head = nn.Linear(Hidden, Vocabulary);

        int[][] prompts = [[11, 12, 13], [21], [31, 32, 33, 34, 35]]; // token IDs
        int[] lengths = [.. prompts.Select(prompt => prompt.Length)];
        int[] capacities = [.. lengths.Select(length => length + 16)]; // each prompt may grow by 16 tokens
        using var cache = new PackedKVCache(Layers, KeyValueHeads, HeadSize, capacities, float32, CPU); // or CUDA
        using var rotary = new RotaryEmbedding(HeadSize, maxPositions: 128, device: CPU);
        var shape = new AttentionShape(Heads, KeyValueHeads, HeadSize, float32);

        var layout = PackedLayout.Flat(lengths); // prefill: one row of all tokens
        long[] tokens = [.. prompts.SelectMany(prompt => prompt.Select(token => (long)token))];
        for (var i = 0; i < 4; i++)
        {
            // Once per batch: the tokens, their places in the cache, and how to attend.
            using var batch = PackedBatch.Create<long>(layout, tokens, CPU);
            using var step = cache.Append(batch);
            using var attention = PackedAttention.Plan(step, shape);
            tokens = Forward(batch, step, attention).argmax(-1).data<long>().ToArray();
            Console.WriteLine($"next tokens {string.Join(", ", tokens)}; {attention.Kernel}: {attention.Reason}");
            layout = PackedLayout.Flat([1, 1, 1]).WithPast(cache.Lengths); // decoding: one new token each, behind what the cache has
        }

        Tensor Forward(PackedBatch batch, PackedCacheStep step, PackedAttention attention)
        {
            var hidden = embedding.forward(batch.InputIds.flatten()); // [slots, hidden]
            for (var layer = 0; layer < Layers; layer++)
            {
                var heads = projections[layer].forward(hidden).view(-1, Heads + 2 * KeyValueHeads, HeadSize); // [slots, heads, head size]
                var parts = heads.split([Heads, KeyValueHeads, KeyValueHeads], 1);
                var (query, key, value) = (parts[0], parts[1], parts[2]);
                rotary.Apply(query, key, value, step, layer); // rotates queries, writes rotated keys and values into the cache
                var attended = attention.Forward(query, cache.Keys(layer), cache.Values(layer));
                hidden = hidden.add(outputs[layer].forward(attended.flatten(1)));
            }
            return head.forward(batch.LastTokens(hidden)); // one row per prompt for the language-model head
        }
    }
}
#endregion
