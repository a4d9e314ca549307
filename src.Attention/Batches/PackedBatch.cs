using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// A <see cref="PackedLayout"/> filled with token IDs, as tensors on one device: what a packed forward pass takes in, the dense mask for
/// it, and the way back from packed results to one entry per prompt.
/// </summary>
/// <remarks>
/// <para>Ownership: the tensors that properties return belong to the batch, live until <see cref="Dispose"/>, and are outside any dispose
/// scope; everything that a method returns belongs to the caller and to the caller's dispose scope.</para>
/// <para>Token IDs, positions, last tokens and cumulative lengths reach the device in one upload, on CUDA from page-locked memory, so that
/// nothing waits for it. Segment IDs and what un-packing reads follow when first asked for. No method reads anything back. Not
/// thread-safe.</para>
/// </remarks>
public sealed partial class PackedBatch : IDisposable
{
    private readonly Tensor _upload;
    private Tensor? _segmentIds;
    private Tensor? _slotIndices;
    private Tensor? _places;

    private PackedBatch(PackedLayout layout, HostMemory<long> host)
    {
        Layout = layout;
        using var scope = NewDisposeScope();
        _upload = host.Upload();
        long end = 0; // of what has been taken
        InputIds = Next(layout.SlotCount).view(layout.RowCount, layout.RowWidth);
        PositionIds = Next(layout.SlotCount).view(layout.RowCount, layout.RowWidth);
        LastTokenIndices = Next(layout.PromptCount);
        CuSeqLens = Next(layout.CuSeqLens.Length).to(ScalarType.Int32);
        foreach (var owned in Owned)
            owned.DetachFromDisposeScope();

        Tensor Next(long count)
        {
            end += count;
            return _upload.narrow(0, end - count, count);
        }
    }

    /// <summary>A batch from one list of token IDs per prompt, as tokenizers give them. O(slots) on the host, one upload.</summary>
    /// <typeparam name="T">The integer type of the token IDs.</typeparam>
    /// <param name="layout">Where each prompt's tokens go.</param>
    /// <param name="prompts">Token IDs of each prompt, in prompt order, from 0 to 2^63 - 1; any lists that can be read.</param>
    /// <param name="device">Where the tensors shall lie; the CPU where none is given.</param>
    /// <param name="paddingId">Token ID for padding slots.</param>
    /// <exception cref="ArgumentNullException">The layout, the prompts or one of them is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// The number of prompts or the length of one is not the layout's (the message names the prompt), or there is no such CUDA device.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A token ID is negative or above 2^63 - 1; the message names prompt and position.
    /// </exception>
    public static PackedBatch Create<T>(
        PackedLayout layout, IReadOnlyList<IReadOnlyList<T>> prompts, Device? device = null, long paddingId = 0)
        where T : unmanaged, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count != layout.PromptCount)
            throw new ArgumentException($"The layout holds {layout.PromptCount} prompts, not {prompts.Count}.", nameof(prompts));
        for (var prompt = 0; prompt < prompts.Count; prompt++)
        {
            var tokens = prompts[prompt] ?? throw new ArgumentNullException(nameof(prompts), $"Prompt {prompt} is null.");
            if (tokens.Count != layout.Lengths[prompt])
                throw new ArgumentException(
                    $"Prompt {prompt} has {tokens.Count} tokens, but length {layout.Lengths[prompt]} in the layout.", nameof(prompts));
        }
        using var host = HostTables(layout, paddingId, device);
        for (var prompt = 0; prompt < prompts.Count; prompt++)
            CopyTokens(SpanOf(prompts[prompt]), host.Values[layout.SegmentOf(prompt).Start..], prompt, nameof(prompts));
        return new PackedBatch(layout, host);
    }

    /// <summary>A batch from the token IDs of all prompts, one after the other. O(slots) on the host, one upload.</summary>
    /// <typeparam name="T">The integer type of the token IDs.</typeparam>
    /// <param name="layout">Where each prompt's tokens go.</param>
    /// <param name="tokens">Token IDs in prompt order, as many as the layout has tokens, from 0 to 2^63 - 1.</param>
    /// <param name="device">Where the tensors shall lie; the CPU where none is given.</param>
    /// <param name="paddingId">Token ID for padding slots.</param>
    /// <exception cref="ArgumentNullException">The layout is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// The number of tokens is not the layout's, or there is no such CUDA device.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A token ID is negative or above 2^63 - 1; the message names prompt and position.
    /// </exception>
    public static PackedBatch Create<T>(PackedLayout layout, ReadOnlySpan<T> tokens, Device? device = null, long paddingId = 0)
        where T : unmanaged, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (tokens.Length != layout.TokenCount)
            throw new ArgumentException($"The layout holds {layout.TokenCount} tokens, not {tokens.Length}.", nameof(tokens));
        using var host = HostTables(layout, paddingId, device);
        for (var prompt = 0; prompt < layout.PromptCount; prompt++)
        {
            CopyTokens(tokens[..layout.Lengths[prompt]], host.Values[layout.SegmentOf(prompt).Start..], prompt, nameof(tokens));
            tokens = tokens[layout.Lengths[prompt]..];
        }
        return new PackedBatch(layout, host);
    }

    /// <summary>The layout that the batch was made from.</summary>
    public PackedLayout Layout { get; }

    /// <summary>Where the tensors lie.</summary>
    public Device Device => _upload.device;

    /// <summary>Token IDs, int64 [rows, width].</summary>
    public Tensor InputIds { get; }

    /// <summary>
    /// Positions that restart at 0 in each prompt, int64 [rows, width]; 0 in padding. Those of a forest's node, and of a prompt with a
    /// past, go on from what comes before it.
    /// </summary>
    public Tensor PositionIds { get; }

    /// <summary>Segments numbered from 1 in each row, int32 [rows, width]; 0 in padding.</summary>
    public Tensor SegmentIds =>
        _segmentIds ??= tensor(Layout.SegmentIds.ToArray(), [Layout.RowCount, Layout.RowWidth], device: Device).DetachFromDisposeScope();

    /// <summary>Cumulative lengths in slot order, int32 [segments + 1].</summary>
    public Tensor CuSeqLens { get; }

    /// <summary>Slot of each prompt's last token, int64 [prompts].</summary>
    public Tensor LastTokenIndices { get; }

    private IEnumerable<Tensor> Owned =>
        ((Tensor?[])[_upload, InputIds, PositionIds, LastTokenIndices, CuSeqLens, _segmentIds, _slotIndices, _places]).OfType<Tensor>();

    /// <summary>
    /// The block-diagonal mask [rows, 1, width, width], query by key: a token may attend to itself and to what comes before it in its own
    /// prompt; in a forest, to what comes before it on the way from the root; to more or less if asked.
    /// </summary>
    /// <param name="dtype">
    /// Bool: true where attention is allowed. A floating type: 0 where it is allowed and minus infinity where not, to be added to the
    /// scores.
    /// </param>
    /// <param name="visibility">Who sees whom; <see cref="Visibility.Causal"/> where nothing is given.</param>
    /// <param name="window">Sliding window, as of <see cref="AttentionShape.Window"/>; none where nothing is given.</param>
    /// <remarks>
    /// Takes rows * width^2 elements. No prompt attends to padding, and padding attends to itself alone, so that no row is closed
    /// throughout: what comes out there has no meaning but is finite, also from a softmax written out by hand. Minus infinity, not a finite
    /// minimum, closes entries for good.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// <paramref name="dtype"/> is neither bool nor a floating type, or there are spans for another number of prompts.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The window is below 1, or a span does not lie in its prompt.</exception>
    /// <exception cref="NotSupportedException">A token would see one that is not there; the message says why.</exception>
    /// <exception cref="InvalidOperationException">
    /// On the CPU, the mask takes more than all memory; the message has the bytes.
    /// </exception>
    public Tensor CreateMask(ScalarType dtype = ScalarType.Bool, Visibility? visibility = null, int? window = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window ?? 1, 1, nameof(window));
        if (dtype is not (ScalarType.Bool or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"A mask is bool or of a floating type, not {dtype}.", nameof(dtype));
        var keys = KeyLayout.Of(Layout);
        var seen = new KeyIntervals(Layout, keys, visibility ?? Visibility.Causal, window);
        return Layout.IsForest ? BlockMask.OfKeys(Layout, keys, dtype, Device, seen) : BlockMask.OfRows(this, dtype, seen);
    }

    /// <summary>Positions that count from another number than 0, int64 [rows, width]: RoBERTa's tables start at 2.</summary>
    /// <param name="first">Position of each prompt's first token, not negative.</param>
    /// <param name="padding">What stands in padding, not negative: RoBERTa has 1 there.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public Tensor CreatePositionIds(long first, long padding = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        using var scope = NewDisposeScope();
        var positions = PositionIds.add(first);
        if (Layout.TokenCount < Layout.SlotCount)
            positions.masked_fill_(SegmentIds.eq(0), padding);
        return positions.MoveToOuterDisposeScope();
    }

    /// <summary>Frees the tensors of the batch.</summary>
    public void Dispose()
    {
        foreach (var owned in Owned)
            owned.Dispose();
    }

    /// <summary>
    /// All tables in one piece, in the order in which the constructor takes it apart. Of the token IDs, one per slot, only those of padding
    /// are filled in.
    /// </summary>
    private static HostMemory<long> HostTables(PackedLayout layout, long paddingId, Device? device)
    {
        TensorChecks.RequireDevice(device, nameof(device));
        TorchRuntime.EnsureLoaded();
        var host = new HostMemory<long>(2L * layout.SlotCount + layout.PromptCount + layout.CuSeqLens.Length, device ?? CPU);
        var rest = host.Values;
        Take(ref rest, layout.SlotCount).Fill(paddingId);
        layout.CopyPositionIds(Take(ref rest, layout.SlotCount));
        layout.LastTokenIndices.CopyTo(Take(ref rest, layout.PromptCount));
        var cumulative = layout.CuSeqLens;
        for (var i = 0; i < cumulative.Length; i++)
            rest[i] = cumulative[i];
        return host;
    }

    private static Span<long> Take(ref Span<long> rest, int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static ReadOnlySpan<T> SpanOf<T>(IReadOnlyList<T> tokens) => tokens switch
    {
        T[] array => array,
        List<T> list => CollectionsMarshal.AsSpan(list),
        ArraySegment<T> segment => segment,
        _ => tokens.ToArray(),
    };

    private static void CopyTokens<T>(ReadOnlySpan<T> tokens, Span<long> slots, int prompt, string name)
        where T : unmanaged, IBinaryInteger<T>
    {
        var highest = T.CreateSaturating(long.MaxValue);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (T.IsNegative(tokens[i]) || tokens[i] > highest)
                throw new ArgumentOutOfRangeException(
                    name, tokens[i], $"Token {i} of prompt {prompt} is {tokens[i]}; token IDs are not negative and at most 2^63 - 1.");
            slots[i] = long.CreateTruncating(tokens[i]);
        }
    }
}
