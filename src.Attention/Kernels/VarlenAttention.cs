using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// libtorch's variable-length CUDA kernels over cumulative lengths, called through its stable C interface; for short prompts
/// <see cref="ShortPromptKernel"/>; where gradients are recorded <see cref="GatheredVarlenAttention"/>.
/// </summary>
internal sealed class VarlenAttention : AttentionPlan
{
    private readonly PackedBatch _batch;
    private readonly KeyLayout _keys;
    private readonly KeyIntervals _seen;
    private readonly ShortPromptKernel? _short;
    private readonly Tensor? _upload;
    private readonly Tensor _queryStarts;
    private readonly Tensor _keyStarts;
    private readonly Tensor? _keyLengths;
    private readonly Tensor? _keyTable;
    private readonly int _maxQueries;
    private readonly int _maxKeys;
    private GatheredVarlenAttention? _recorded;

    public VarlenAttention(PackedBatch batch, KeyLayout keys, AttentionShape shape, KeyIntervals seen)
        : base(shape)
    {
        Debug.Assert(!seen.Visibility.HasSpans, "Queries of one prompt see their keys in one way.");
        (_batch, _keys, _seen) = (batch, keys, seen);
        var layout = batch.Layout;
        (_maxQueries, _maxKeys) = (layout.MaxSeqLen, keys.MaxLength);
        _queryStarts = _keyStarts = batch.CuSeqLens;
        _short = seen.AreCausal ? ShortPromptKernel.TryFor(batch, keys, shape) : null;
        if (_short is not null)
        {
            _short.Upload.DetachFromDisposeScope();
            return;
        }
        if (keys.AreQueries && keys.Table is null && layout.SlotCount == layout.TokenCount)
            return; // what it takes is on the device already
        var runs = Runs(layout, keys.Gathered);
        var table = keys.Table ?? [];
        using var scope = NewDisposeScope();
        using var host = new HostMemory<int>(runs.Host.Length + table.Length, batch.Device);
        runs.Host.CopyTo(host.Values);
        table.CopyTo(host.Values[runs.Host.Length..]);
        _upload = host.Upload();
        _queryStarts = _upload.narrow(0, 0, runs.Count + 1);
        _keyStarts = _upload.narrow(0, runs.Count + 1, runs.Count + 1);
        _keyLengths = _upload.narrow(0, 2 * (runs.Count + 1), runs.Count);
        if (table.Length > 0)
            _keyTable = _upload.narrow(0, runs.Host.Length, table.Length);
        foreach (var tensor in Owned)
            tensor.DetachFromDisposeScope();
    }

    private IEnumerable<Tensor> Owned =>
        ((Tensor?[])[_keyTable, _keyLengths, _keyStarts, _queryStarts, _upload]).OfType<Tensor>();

    public override string Remark => _short is null ? "" : ", by PackingKit's kernel for short prompts";

    public override bool RotatesQueries => _short is not null;

    public override void Dispose()
    {
        _recorded?.Dispose();
        _short?.Upload.Dispose();
        if (_upload is null)
            return; // everything else is the batch's
        foreach (var tensor in Owned)
            tensor.Dispose();
    }

    /// <summary>Why there is no variable-length kernel for a device and a layer, or <see langword="null"/> where there is.</summary>
    public static string? Obstacle(Device device, AttentionShape shape, Visibility visibility)
    {
        if (device.type != DeviceType.CUDA)
            return $"libtorch has no variable-length kernel for the device {device.type}";
        if (shape.Dtype == ScalarType.Float64)
            return "the variable-length kernels have no float64";
        if (IsHalf(shape) && (shape.HeadSize % 8 != 0 || shape.HeadSize > 256))
            return $"the flash kernel wants a head size that is a multiple of 8 up to 256, not {shape.HeadSize}";
        if (!IsHalf(shape) && shape.HeadSize % 4 != 0)
            return $"the memory-efficient kernel wants a head size that is a multiple of 4, not {shape.HeadSize}";
        if (shape.Window is not null && visibility.HasSpans)
            return "the variable-length kernels have no spans that open a window";
        if (shape.Window is not null && visibility.IsBidirectional && !IsHalf(shape))
            return "the memory-efficient kernel has no window on both sides";
        return AotiTorch.VarlenObstacle();
    }

    public static string Describe(AttentionShape shape) =>
        IsHalf(shape) ? "flash attention over cumulative lengths" : "memory-efficient attention over cumulative lengths";

    public override string? GradientObstacle => GatheredVarlenAttention.ObstacleTo(Shape);

    public override Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? rotaryTable = null)
    {
        if (TensorChecks.WantGradient(query, key, value))
        {
            Debug.Assert(rotaryTable is null, "Queries are rotated already.");
            return (_recorded ??= new GatheredVarlenAttention(_batch, _keys, Shape, _seen)).Attend(query, key, value);
        }
        (query, key, value) = (OnBoundaries(query), OnBoundaries(key), OnBoundaries(value));
        if (_short is not null)
            return _short.Launch(HeadsTogether(query), HeadsTogether(key), HeadsTogether(value), rotaryTable);
        Debug.Assert(rotaryTable is null, "Queries are rotated already.");
        // These kernels want each prompt's keys side by side: shared ones are copied to every prompt that sees them.
        if (_keyTable is not null)
            (key, value) = (key.index_select(0, _keyTable), value.index_select(0, _keyTable));
        var causal = _seen.AreCausal;
        return IsHalf(Shape)
            ? AotiTorch.FlashAttention(
                query, key, value, _queryStarts, _keyStarts, _keyLengths, _maxQueries, _maxKeys, Shape.Scale, Shape.Window, causal)
            : AotiTorch.EfficientAttention(
                query.unsqueeze(0), Ungrouped(key).unsqueeze(0), Ungrouped(value).unsqueeze(0),
                _queryStarts, _keyStarts, _keyLengths, _maxQueries, _maxKeys, Shape.Scale, Shape.Window, causal).squeeze(0);
    }

    /// <summary>
    /// The kernels load 16 bytes at a time and do not check: what lies off such boundaries is copied, which only odd slices need.
    /// </summary>
    internal static unsafe Tensor OnBoundaries(Tensor tensor)
    {
        var size = tensor.ElementSize;
        var fits = (nint)AotiTorch.DataPointer(tensor) % 16 == 0 && tensor.stride(0) * size % 16 == 0 && tensor.stride(1) * size % 16 == 0;
        return fits ? tensor : tensor.clone();
    }

    private static Tensor HeadsTogether(Tensor tensor) =>
        tensor.shape[1] == 1 || tensor.stride(1) == tensor.shape[2] ? tensor : tensor.contiguous();

    internal static bool IsHalf(AttentionShape shape) => shape.Dtype is ScalarType.Float16 or ScalarType.BFloat16;

    /// <summary>
    /// Segments in slot order with the padding between them, which the kernels cannot step over: in runs no longer than the longest prompt,
    /// for which blocks are started anyway, and with a single key each. What comes out there means nothing.
    /// </summary>
    internal static (int[] Host, int Count) Runs(PackedLayout layout, KeyLayout keys)
    {
        Debug.Assert(keys.Fits, "A prompt's keys lie outside the slots.");
        var runs = new List<(int Start, int KeyStart, int KeyLength)>();
        var end = 0;
        var longest = layout.TokenCount == 0 ? layout.SlotCount : layout.MaxSeqLen;
        foreach (var segment in layout.Segments)
        {
            Gap(segment.Start);
            runs.Add((segment.Start, keys.Starts[segment.Prompt], keys.Lengths[segment.Prompt]));
            end = segment.End;
        }
        Gap(layout.SlotCount);

        var host = new int[3 * runs.Count + 2];
        for (var i = 0; i < runs.Count; i++)
            (host[i], host[runs.Count + 1 + i], host[2 * (runs.Count + 1) + i]) = runs[i];
        (host[runs.Count], host[2 * runs.Count + 1]) = (layout.SlotCount, keys.SlotCount);
        return (host, runs.Count);

        void Gap(int next)
        {
            // A key of its own where it has some, so that what lies in padding reaches nothing; else one of the cache.
            for (; end < next; end += Math.Min(longest, next - end))
                runs.Add((end, keys.AreQueries ? end : 0, 1));
        }
    }
}
