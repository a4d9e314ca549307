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

    /// <summary>
    /// The same where keys are shared and the flash kernel would have them copied for every prompt. With up to 1,800 shared keys, on an
    /// H100, this one took 0.93 to 1.01 of the time; more were not tried against it.
    /// </summary>
    public const int MaxSharedKeyTiles = 64;

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

    /// <summary>The tiles on the device, and what is told of shared keys behind them; the caller's.</summary>
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
        var maxKeyTiles = keys.Table is null ? MaxKeyTiles : MaxSharedKeyTiles;
        if (tiles.Length == 0 || tiles.Sum(tile => (tile.Keys + TileSize - 1L) / TileSize) > (long)maxKeyTiles * tiles.Length
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
        var upload = keys.Table is null ? [] : SharedKeys(layout, keys, tiles);
        using var host = new HostMemory<int>(4L * tiles.Length + upload.Length, batch.Device);
        MemoryMarshal.Cast<Tile, int>(tiles).CopyTo(host.Values);
        upload.CopyTo(host.Values[(4 * tiles.Length)..]);
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
            query.stride(0), key.stride(0), value.stride(0), (uint)_shape.KeyValueHeads, (uint)_tileCount,
            (uint)query.shape[0], scale);
        return output;
    }

    /// <summary>
    /// The macros that make the source that of one layer, whose keys lie side by side or some of them where a table says.
    /// </summary>
    internal static (string Name, int Value)[] Constants(AttentionShape shape, bool hasTable) =>
    [
        ("HEAD", shape.HeadSize), ("GROUP_SIZE", shape.GroupSize), ("TILE", TileSize), ("THREADS", Threads),
        ("SHARED_KEYS", hasTable ? 1 : 0), ("BLOCKS", 4),
    ];

    /// <summary>
    /// Every prompt's tokens cut into tiles, in slot order: as many tokens as fit with all heads of a group. In a forest, nodes that follow
    /// each other and go on from one node fill their tiles together.
    /// </summary>
    internal static Tile[] Tiles(PackedLayout layout, KeyLayout keys, int groupSize)
    {
        Debug.Assert(keys.Fits, "A prompt's keys lie outside the slots.");
        var size = TileSize / groupSize;
        var segments = layout.Segments;
        var tiles = new List<Tile>(layout.PromptCount);
        for (int i = 0, end; i < segments.Length; i = end)
        {
            for (end = i + 1; end < segments.Length && AreSiblings(layout, segments[i].Prompt, segments[end].Prompt);)
                end++;
            var (slot, last, current) = (segments[i].Start, segments[end - 1].End, i);
            for (; slot < last; slot += size)
            {
                while (segments[current].End <= slot)
                    current++;
                // The keys of the prompt of the first query, and on from there to the last query.
                var (prompt, start) = (segments[current].Prompt, segments[current].Start);
                var past = keys.Lengths[prompt] - segments[current].Length;
                var count = Math.Min(size, last - slot);
                var shared = keys.Table is null ? 0 : keys.Shared[prompt];
                tiles.Add(new Tile(slot, count, keys.Slot(prompt, shared), past + slot + count - start));
            }
        }
        return [.. tiles];
    }

    /// <summary>
    /// What the kernel reads behind the tiles, where keys are shared: for each tile the place of the shared keys in the table and their
    /// number; for each query slot how many of the tile's own keys come before its prompt's; the table.
    /// </summary>
    internal static int[] SharedKeys(PackedLayout layout, KeyLayout keys, Tile[] tiles)
    {
        var (starts, prompts) = (new int[layout.SlotCount], new int[layout.SlotCount]);
        foreach (var segment in layout.Segments)
        {
            starts.AsSpan(segment.Start, segment.Length).Fill(segment.Start);
            prompts.AsSpan(segment.Start, segment.Length).Fill(segment.Prompt);
        }
        var upload = new int[2 * tiles.Length + layout.SlotCount + keys.Table!.Length];
        for (var tile = 0; tile < tiles.Length; tile++)
        {
            var first = tiles[tile].Query;
            (upload[2 * tile], upload[2 * tile + 1]) = (keys.Starts[prompts[first]], keys.Shared[prompts[first]]);
            for (var query = first; query < first + tiles[tile].Queries; query++)
                upload[2 * tiles.Length + query] = starts[query] - starts[first];
        }
        keys.Table.CopyTo(upload, upload.Length - keys.Table.Length);
        return upload;
    }

    private static bool AreSiblings(PackedLayout layout, int one, int other) =>
        layout.IsForest && layout.Parents[one] >= 0 && layout.Parents[one] == layout.Parents[other];

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
    /// <param name="Key">Slot of the first key of the prompt of its first token, after those that are shared.</param>
    /// <param name="Keys">Keys up to that of the last token, shared ones included.</param>
    internal readonly record struct Tile(int Query, int Queries, int Key, int Keys);
}
