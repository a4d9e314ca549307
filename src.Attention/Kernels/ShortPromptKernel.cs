using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Causal attention of short prompts in half types, as one CUDA kernel (ShortPrompts.cu). libtorch's flash kernel takes 128 queries at a
/// time and starts a block for every 128 of the longest prompt in every prompt. This one takes 64, of all heads that share a KV head,
/// starts only blocks that have queries, and those with the most keys first: with prompts of some dozen tokens beside longer ones it takes
/// half of the time.
/// </summary>
internal sealed class ShortPromptKernel
{
    /// <summary>Queries of a block, those of a group of heads together, and keys that it takes at a time.</summary>
    public const int TileSize = 64;

    /// <summary>
    /// This kernel is the faster one where a tile of queries sees at most this many tiles of keys, on average over the batch.
    /// </summary>
    public const int MaxKeyTiles = 6;

    /// <summary>Elements of a head are moved 16 at a time.</summary>
    public const int HeadSizeMultiple = 16;

    /// <summary>With larger heads the tiles do not fit shared memory.</summary>
    public const int MaxHeadSize = 128;

    internal static readonly string Source = CudaSource.Read("ShortPrompts.cu");

    private const int Threads = TileSize / 16 * 32; // a warp for every 16 rows of a tile

    private readonly CudaKernel _kernel;
    private readonly AttentionShape _shape;
    private readonly int _tileCount;

    private ShortPromptKernel(CudaKernel kernel, AttentionShape shape, Tensor upload, int tileCount)
    {
        _kernel = kernel;
        _shape = shape;
        _tileCount = tileCount;
        Upload = upload;
    }

    /// <summary>The tiles on the device, and behind them the slots of shared keys; the caller's.</summary>
    public Tensor Upload { get; }

    /// <summary>
    /// The kernel for a batch whose prompts are short, without padding; <see langword="null"/> where another one is for it.
    /// </summary>
    public static ShortPromptKernel? TryFor(PackedBatch batch, KeyLayout keys, AttentionShape shape)
    {
        var layout = batch.Layout;
        if (layout.SlotCount != layout.TokenCount || !Suits(shape))
            return null;
        var tiles = Tiles(layout, keys, shape.GroupSize);
        if (tiles.Length == 0 || tiles.Sum(tile => (tile.Keys + TileSize - 1L) / TileSize) > (long)MaxKeyTiles * tiles.Length
            || (long)tiles.Length * shape.KeyValueHeads > int.MaxValue)
            return null;
        CudaKernel kernel;
        try
        {
            kernel = CudaKernel.Compile(
                batch.Device, shape.Dtype, Source, "short_prompts", Constants(shape, keys.Table is not null));
        }
        catch (NotSupportedException)
        {
            return null; // an architecture without these matrix instructions, or no NVRTC
        }
        // Those with the most keys first, so that none of them is waited for at the end.
        tiles.AsSpan().Sort((one, other) => other.Keys.CompareTo(one.Keys));
        var table = keys.Table ?? [];
        using var host = new HostMemory<int>(4L * tiles.Length + table.Length, batch.Device);
        MemoryMarshal.Cast<Tile, int>(tiles).CopyTo(host.Values);
        table.CopyTo(host.Values[(4 * tiles.Length)..]);
        return new ShortPromptKernel(kernel, shape, host.Upload(), tiles.Length);
    }

    /// <summary>Attends; heads lie side by side and tokens on boundaries of 16 bytes.</summary>
    /// <param name="query">[slots, heads, head size].</param>
    /// <param name="key">[key slots, KV heads, head size], rotated already if the model rotates keys.</param>
    /// <param name="value">Like <paramref name="key"/>.</param>
    /// <param name="table">Cosines and sines by which queries are still to be rotated, float32 [positions, head size], or none.</param>
    /// <returns>[slots, heads, head size].</returns>
    public Tensor Launch(Tensor query, Tensor key, Tensor value, Tensor? table = null)
    {
        AssertSuits(query, _shape.Heads);
        AssertSuits(key, _shape.KeyValueHeads);
        AssertSuits(value, _shape.KeyValueHeads);
        Debug.Assert(table is null || (table.dtype == ScalarType.Float32 && table.shape[1] == _shape.HeadSize && table.is_contiguous()));
        Debug.Assert(key.shape[0] == value.shape[0], "Keys and values differ in their slots.");
        var output = empty([query.shape[0], _shape.Heads, _shape.HeadSize], query.dtype, query.device);
        var scale = (float)(_shape.Scale * Math.Log2(Math.E)); // powers are of 2
        _kernel.Launch(
            (long)_tileCount * _shape.KeyValueHeads, Threads, query, key, value, output, Upload, table,
            query.stride(0), key.stride(0), value.stride(0), (uint)_shape.KeyValueHeads, (uint)_tileCount, scale);
        return output;
    }

    /// <summary>The macros that make the source that of one layer, whose keys lie side by side or where a table says.</summary>
    internal static (string Name, int Value)[] Constants(AttentionShape shape, bool hasTable) =>
    [
        ("HEAD", shape.HeadSize), ("GROUP_SIZE", shape.GroupSize), ("TILE", TileSize), ("THREADS", Threads),
        ("SHARED_KEYS", hasTable ? 1 : 0),
    ];

    /// <summary>Every prompt's tokens cut into tiles, in slot order: as many tokens as fit with all heads of a group.</summary>
    internal static Tile[] Tiles(PackedLayout layout, KeyLayout keys, int groupSize)
    {
        Debug.Assert(keys.Fits, "A prompt's keys lie outside the slots.");
        var size = TileSize / groupSize;
        var tiles = new List<Tile>(layout.PromptCount);
        foreach (var segment in layout.Segments)
        {
            var past = keys.Lengths[segment.Prompt] - segment.Length;
            for (var first = 0; first < segment.Length; first += size)
            {
                var count = Math.Min(size, segment.Length - first);
                tiles.Add(new Tile(segment.Start + first, count, keys.Starts[segment.Prompt], past + first + count));
            }
        }
        return [.. tiles];
    }

    private static bool Suits(AttentionShape shape) =>
        shape.Dtype is ScalarType.Float16 or ScalarType.BFloat16 && shape.Window is null
        && shape.HeadSize % HeadSizeMultiple == 0 && shape.HeadSize <= MaxHeadSize && shape.GroupSize <= TileSize;

    /// <summary>The kernel reads 16 bytes at a time and checks nothing.</summary>
    [Conditional("DEBUG")]
    private unsafe void AssertSuits(Tensor tensor, int heads)
    {
        Debug.Assert(tensor.dtype == _shape.Dtype && tensor.shape[1] == heads && tensor.shape[2] == _shape.HeadSize);
        Debug.Assert(tensor.stride(2) == 1 && (heads == 1 || tensor.stride(1) == _shape.HeadSize), "Heads do not lie side by side.");
        Debug.Assert(
            (nint)AotiTorch.DataPointer(tensor) % 16 == 0 && tensor.stride(0) * tensor.ElementSize % 16 == 0,
            "Tokens do not lie on boundaries of 16 bytes.");
    }

    /// <summary>A tile as the kernel reads it.</summary>
    /// <param name="Query">Slot of its first token.</param>
    /// <param name="Queries">Tokens.</param>
    /// <param name="Key">Slot of the prompt's first key, or that slot's place in the table.</param>
    /// <param name="Keys">Keys that the last token sees.</param>
    internal readonly record struct Tile(int Query, int Queries, int Key, int Keys);
}
