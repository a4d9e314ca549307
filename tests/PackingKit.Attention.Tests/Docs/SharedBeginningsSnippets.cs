#region Attention: shared beginnings
using PackingKit;
using PackingKit.Attention;
using TorchSharp;
using static TorchSharp.torch;

internal static class SharedBeginnings
{
    public static void Main()
    {
        TorchRuntime.EnsureLoaded();
        using var gradients = no_grad();
        using var tensors = NewDisposeScope();
        var (embedding, projection, head) = (nn.Embedding(100, 32), nn.Linear(32, 3 * 32), nn.Linear(32, 100)); // a model of one layer
        using var rotary = new RotaryEmbedding(headSize: 8, maxPositions: 128);
        var shape = new AttentionShape(4, 4, 8, float32); // heads, KV heads, head size

        int[][] prompts = [[11, 12, 13, 14, 21], [11, 12, 13, 14, 31, 32]]; // token IDs
        var pass = new PackedPass([0, 1], PrefixForest.FromTokens(prompts)); // the four tokens of both are one node
        using var cache = new PackedKVCache(1, 4, 8, pass.Layout, float32, spareSlots: 2 * 3);
        using var prefill = PackedBatch.Create(pass.Layout, pass.Tokens(prompts));
        var logits = Logits(prefill); // one row per node; prompt 1 ends with node pass.Ends[1]
        var next = logits[pass.Ends[1]].topk(2).indexes.data<long>().ToArray();

        int[] answers = [cache.Fork(pass.Ends[1], capacity: 3), cache.Fork(pass.Ends[1], capacity: 3)]; // two answers to prompt 1
        for (var i = 0; i < 3; i++)
        {
            var layout = PackedLayout.Flat([1, 1]).WithPast([cache.Lengths[answers[0]], cache.Lengths[answers[1]]]);
            using var batch = PackedBatch.Create<long>(layout, next);
            next = Logits(batch, answers).argmax(-1).data<long>().ToArray();
            Console.WriteLine($"next tokens {string.Join(", ", next)}; {cache}");
        }

        Tensor Logits(PackedBatch batch, int[]? cached = null)
        {
            using var step = cache.Append(batch, cached);
            using var attention = PackedAttention.Plan(step, shape);
            var heads = projection.forward(embedding.forward(batch.InputIds.flatten())).view(-1, 3 * 4, 8).chunk(3, 1);
            rotary.Apply(heads[0], heads[1], heads[2], step, layer: 0); // rotates queries, writes keys and values into the cache
            var attended = attention.Forward(heads[0], cache.Keys(0), cache.Values(0));
            return head.forward(batch.LastTokens(attended.flatten(1)));
        }
    }
}
#endregion
