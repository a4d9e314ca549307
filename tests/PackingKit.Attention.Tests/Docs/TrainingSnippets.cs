#region Attention: training
using PackingKit;
using PackingKit.Attention;
using TorchSharp;
using static TorchSharp.torch;

internal sealed class Block : nn.Module<Tensor, PackedBatch, PackedAttention, Tensor>
{
    public const int Heads = 4, HeadSize = 8, Hidden = Heads * HeadSize;
    private readonly TorchSharp.Modules.Linear projection = nn.Linear(Hidden, 3 * Hidden);
    private readonly TorchSharp.Modules.Linear output = nn.Linear(Hidden, Hidden);
    private readonly RotaryEmbedding rotary = new(HeadSize, maxPositions: 128);

    public Block()
        : base("block") => RegisterComponents();

    /// <summary>[slots, hidden] to [slots, hidden]: only attention and positions have to know of the batch.</summary>
    public override Tensor forward(Tensor hidden, PackedBatch batch, PackedAttention attention)
    {
        var parts = projection.forward(hidden).view(-1, 3 * Heads, HeadSize).chunk(3, 1);
        var attended = attention.Forward(parts[0], parts[1], parts[2], rotary);
        return hidden.add(output.forward(attended.flatten(1)));
    }
}

internal static class Training
{
    public static void Main()
    {
        TorchRuntime.EnsureLoaded();
        using var tensors = NewDisposeScope();
        manual_seed(1);
        long[][] texts = [[1, 2, 3, 4], [5, 6], [7, 8, 9], [1, 2, 3], [5, 6, 7]]; // token IDs
        var rows = new BestFitDecreasing().Pack(PackingProblem.Create([.. texts.Select(text => text.Length)], 6));
        var layout = PackedLayout.FromPacking(rows, width: 8);

        var (embedding, block, head) = (nn.Embedding(10, Block.Hidden), new Block(), nn.Linear(Block.Hidden, 10));
        var optimizer = optim.Adam([.. embedding.parameters(), .. block.parameters(), .. head.parameters()], lr: 0.01);
        using var batch = PackedBatch.Create(layout, texts);
        // The next token of the same text; none after its last token, and none in padding: a loss over all slots would learn from both.
        using var targets = PackedTargets.Create(batch);
        using var attention = PackedAttention.Plan(batch, new AttentionShape(Block.Heads, Block.Heads, Block.HeadSize, float32));
        for (var i = 0; i < 30; i++)
        {
            optimizer.zero_grad();
            var hidden = embedding.forward(batch.InputIds.flatten());
            var logits = head.forward(targets.Of(block.forward(hidden, batch, attention))); // only where there is something to predict
            var loss = targets.Loss(logits, LossWeighting.Targets);
            loss.backward();
            optimizer.step();
            if (i % 29 == 0)
                Console.WriteLine($"loss {loss.item<float>():F2}");
        }
    }
}
#endregion
