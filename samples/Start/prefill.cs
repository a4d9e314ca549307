#:project ../../src.Attention/PackingKit.Attention.csproj
#:package libtorch-cpu-linux-x64
using PackingKit;
using PackingKit.Attention;
using static TorchSharp.torch;

TorchRuntime.EnsureLoaded();
int[] lengths = [500, 400, 100, 300, 600, 100]; // tokens of each prompt
var layout = PackedLayout.FromPacking(new BestFitDecreasing().Pack(PackingProblem.Create(lengths, 1000)));
using var batch = PackedBatch.Create<long>(layout, new long[lengths.Sum()]); // the tokens
using var attention = PackedAttention.Plan(batch, new AttentionShape(heads: 4, keyValueHeads: 4, headSize: 16, float32));
Tensor q = randn(layout.SlotCount, 4, 16), k = randn(layout.SlotCount, 4, 16), v = randn(layout.SlotCount, 4, 16);
var packed = Of(2, attention.Forward(q, k, v));
var alone = nn.functional.scaled_dot_product_attention(Of(2, q), Of(2, k), Of(2, v), is_casual: true);
Console.WriteLine($"{layout.SlotCount} slots instead of {lengths.Length * lengths.Max()}");
Console.WriteLine($"as if alone: {packed.allclose(alone, 1e-4, 1e-4)}");

Tensor Of(int prompt, Tensor slots) => batch.Split(slots)[prompt].transpose(0, 1); // [heads, tokens, head size]
