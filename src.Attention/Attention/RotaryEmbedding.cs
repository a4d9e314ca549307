using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Rotary position embedding (Su et al., RoFormer, 2021) at packed positions. On CUDA one kernel, compiled at run time, rotates queries and
/// keys and writes keys and values into the cache; elsewhere, where it cannot be compiled, and in the order that it does not know,
/// TorchSharp's own operations do the same.
/// </summary>
/// <remarks>The tables belong to the embedding and are outside any dispose scope. Not thread-safe.</remarks>
public sealed class RotaryEmbedding : IDisposable
{
    private const string InPlace = "Rotation in place";
    private const string UseRotated = "take RotaryEmbedding.Rotated, which gives new tensors";

    private readonly Tensor _table;
    private Tensor? _table32;
    private readonly RotaryFrequencies _frequencies;
    private readonly RotaryOrder _order;
    private readonly int _headSize;
    private readonly int _maxPositions;
    private RotaryKernel? _kernel;
    private ScalarType? _kernelType;

    /// <summary>An embedding with the usual frequencies, theta^(-2i / head size).</summary>
    /// <param name="headSize">Elements of a head, even.</param>
    /// <param name="maxPositions">Positions from 0 to this, exclusive.</param>
    /// <param name="theta">The base of the frequencies (rope_theta), above 0 and finite.</param>
    /// <param name="device">Where the tensors lie; the CPU where none is given.</param>
    /// <exception cref="ArgumentException">The head size is odd, or there is no such CUDA device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is below 1, the base is not a finite number above 0, or the table is larger than an array.
    /// </exception>
    public RotaryEmbedding(int headSize, int maxPositions, double theta = 10000, Device? device = null)
        : this(RotaryFrequencies.Usual(headSize, theta), maxPositions, RotaryOrder.Halves, device)
    {
    }

    /// <summary>An embedding with given frequencies.</summary>
    /// <param name="frequencies">Radians per position for each pair of elements: head size / 2 entries.</param>
    /// <param name="maxPositions">Positions from 0 to this, exclusive.</param>
    /// <param name="device">Where the tensors lie; the CPU where none is given.</param>
    /// <exception cref="ArgumentException">There is no such CUDA device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are no frequencies or no positions, a frequency is not finite or not at the last position (the message names it), or the table
    /// is larger than an array.
    /// </exception>
    public RotaryEmbedding(ReadOnlySpan<double> frequencies, int maxPositions, Device? device = null)
        : this(new RotaryFrequencies(ValueList.Create(frequencies)), maxPositions, RotaryOrder.Halves, device)
    {
    }

    /// <summary>An embedding with frequencies that a model scales, or whose positions have several rows.</summary>
    /// <param name="frequencies">The frequencies; those with several rows only work <see cref="At"/> positions.</param>
    /// <param name="maxPositions">Positions from 0 to this, exclusive.</param>
    /// <param name="order">Which elements of a head turn together.</param>
    /// <param name="device">Where the tensors lie; the CPU where none is given.</param>
    /// <exception cref="ArgumentNullException"><paramref name="frequencies"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There is no such CUDA device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are no frequencies, no positions or no such order, a frequency is not finite or not at the last position (the message names
    /// it), or the table is larger than an array.
    /// </exception>
    public RotaryEmbedding(
        RotaryFrequencies frequencies, int maxPositions, RotaryOrder order = RotaryOrder.Halves, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        if (!Enum.IsDefined(order))
            throw new ArgumentOutOfRangeException(nameof(order), order, "No such order.");
        var values = frequencies.Values;
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 1, nameof(frequencies));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPositions, 1);
        for (var i = 0; i < values.Count; i++)
            if (!double.IsFinite(values[i]) || !double.IsFinite(values[i] * (maxPositions - 1)))
                throw new ArgumentOutOfRangeException(
                    nameof(frequencies), values[i], $"Frequency {i} is {values[i]}: its angles are not finite.");
        if (2L * values.Count * maxPositions > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(maxPositions), maxPositions,
                $"{maxPositions} positions of {2L * values.Count} elements are more than an array holds.");
        TensorChecks.RequireDevice(device, nameof(device));
        (_frequencies, _order, _headSize, _maxPositions) = (frequencies, order, frequencies.HeadSize, maxPositions);
        TorchRuntime.EnsureLoaded();
        // Angles in float64: in float32 they are off by 1e-4 at position 2,000 already.
        var table = new double[(long)maxPositions * _headSize];
        for (var position = 0; position < maxPositions; position++)
        {
            for (var i = 0; i < values.Count; i++)
            {
                var (sine, cosine) = Math.SinCos(position * values[i]);
                (table[position * (long)_headSize + i], table[position * (long)_headSize + values.Count + i]) =
                    (cosine * frequencies.Magnitude, sine * frequencies.Magnitude);
            }
        }
        _table = tensor(table, [maxPositions, _headSize], device: device).DetachFromDisposeScope();
    }

    /// <summary>
    /// How calls work, in words: the kernel, or why not. (Tensors whose heads lie apart or off a 16-byte boundary never take the kernel.)
    /// </summary>
    public string Reason { get; private set; } = "not called yet";

    /// <summary>Rotates queries and keys in place. No gradient goes through it: where one is wanted, take <see cref="Rotated"/>.</summary>
    /// <param name="query">[slots, heads, head size], of a floating type.</param>
    /// <param name="key">[slots, KV heads, head size], of the same type.</param>
    /// <param name="batch">Whose positions to take.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A tensor has another shape, type or device (the message has both), its elements share memory, or query and key do. Nothing has been
    /// written then.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch has a position beyond the table.</exception>
    /// <exception cref="InvalidOperationException">A tensor requires a gradient, and gradients are recorded.</exception>
    public void Apply(Tensor query, Tensor key, PackedBatch batch)
    {
        Check(query, key, batch);
        TensorChecks.RequireOwnMemory(query, nameof(query));
        TensorChecks.RequireOwnMemory(key, nameof(key));
        TensorChecks.RefuseGradient(InPlace, UseRotated, query, key);
        TensorChecks.RequireApart(key, nameof(key), query, nameof(query));
        if (TryKernel(query, key, null, batch, null, 0))
            return;
        using var scope = NewDisposeScope();
        var (cosine, sine) = Factors(batch, query.dtype);
        query.copy_(Turned(query, cosine, sine));
        key.copy_(Turned(key, cosine, sine));
    }

    /// <summary>
    /// Queries or keys rotated, as a new tensor: gradients go through it, so it is the one for training.
    /// </summary>
    /// <param name="tensor">[slots, heads, head size], of a floating type; stays as it is.</param>
    /// <param name="batch">Whose positions to take.</param>
    /// <returns>Like <paramref name="tensor"/>; the caller's.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The tensor has another shape, type or device; the message has both.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch has a position beyond the table.</exception>
    public Tensor Rotated(Tensor tensor, PackedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(batch);
        Check(tensor, nameof(tensor), tensor.dtype, batch);
        Check(batch);
        using var scope = NewDisposeScope();
        var rotated = Kernel(tensor)?.TryRotated(tensor, Table32, batch.PositionIds);
        if (rotated is null)
        {
            var (cosine, sine) = Factors(batch, tensor.dtype);
            rotated = Turned(tensor, cosine, sine);
        }
        return rotated.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The embedding at given positions, for all layers: RoPE that starts elsewhere, or positions of several rows. One upload.
    /// </summary>
    /// <param name="positions">
    /// Row by row as many positions as there are slots: one row, or, where the frequencies have several, all of them; rows after those turn
    /// nothing. From 0 to the table's end.
    /// </param>
    /// <param name="rows">Rows of positions.</param>
    /// <param name="dtype">The type that is worked in: float32, or float64 for tensors of float64.</param>
    /// <returns>The caller's.</returns>
    /// <exception cref="ArgumentException">Positions are no such rows, or the type is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A position is outside of the table; the message names it.</exception>
    public RotaryFactors At(ReadOnlySpan<long> positions, int rows = 1, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"Rotations are worked out in float32 or float64, not {dtype}.", nameof(dtype));
        var needed = _frequencies.Rows.Count == 0 ? 1 : _frequencies.Rows.Max() + 1; // sections may be empty
        if (rows > 1 && (rows < needed || needed == 1))
            throw new ArgumentException(
                $"There are {rows} rows of positions, but the frequencies have {(needed == 1 ? "one" : $"{needed}")}.", nameof(rows));
        if (positions.Length % rows != 0)
            throw new ArgumentException($"{positions.Length} positions are not {rows} rows.", nameof(positions));
        for (var i = 0; i < positions.Length; i++)
            if (positions[i] < 0 || positions[i] >= _maxPositions)
                throw new ArgumentOutOfRangeException(
                    nameof(positions), positions[i], $"Position {i} is {positions[i]}, outside of the table's {_maxPositions}.");
        using var scope = NewDisposeScope();
        var table = (dtype == ScalarType.Float64 ? _table : Table32).index_select(0, tensor(positions.ToArray(), device: _table.device))
            .view(rows, positions.Length / rows, 2, _headSize / 2);
        if (rows > 1)
        {
            var row = tensor(_frequencies.Rows.Select(row => (long)row).ToArray(), device: _table.device);
            table = table.gather(0, row.view(1, 1, 1, -1).expand(1, table.shape[1], 2, -1));
        }
        return new RotaryFactors(table[0].select(1, 0).unsqueeze(1).clone(), table[0].select(1, 1).unsqueeze(1).clone(), _order);
    }

    /// <summary>Rotates keys in place, for a kernel that rotates queries by <see cref="Table32"/> itself.</summary>
    internal void ApplyToKeys(Tensor key, PackedBatch batch)
    {
        using var noQuery = key.narrow(1, 0, 0);
        Apply(noQuery, key, batch);
    }

    /// <summary>
    /// Rotates queries in place, and writes rotated keys, and values, into a layer of the step's cache; keys and values stay as they are.
    /// </summary>
    /// <param name="query">[slots, heads, head size], of the cache's type, which is a floating one.</param>
    /// <param name="key">[slots, KV heads, head size], of the same type.</param>
    /// <param name="value">Like <paramref name="key"/>.</param>
    /// <param name="step">Whose positions to take, and where to write.</param>
    /// <param name="layer">From 0 to the cache's layers - 1.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// A tensor has another shape, type or device (the message has both), or the query's elements share memory with each other or with the
    /// key or the value. Nothing has been written then.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The batch has a position beyond the table, or there is no such layer.
    /// </exception>
    /// <exception cref="InvalidOperationException">A tensor requires a gradient, and gradients are recorded.</exception>
    public void Apply(Tensor query, Tensor key, Tensor value, PackedCacheStep step, int layer)
    {
        ArgumentNullException.ThrowIfNull(step);
        step.Check(layer, key, value);
        Check(query, key, step.Batch);
        TensorChecks.RequireOwnMemory(query, nameof(query));
        TensorChecks.RefuseGradient(InPlace, UseRotated, query, key, value);
        TensorChecks.RequireApart(key, nameof(key), query, nameof(query));
        TensorChecks.RequireApart(value, nameof(value), query, nameof(query));
        if (TryKernel(query, key, value, step.Batch, step, layer))
            return;
        using var scope = NewDisposeScope();
        var (cosine, sine) = Factors(step.Batch, query.dtype);
        query.copy_(Turned(query, cosine, sine));
        step.Write(layer, Turned(key, cosine, sine), value);
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        _table.Dispose();
        _table32?.Dispose();
    }

    /// <summary>
    /// Half a head's cosines and half a head's sines for each position, float32 [positions, head size]; belongs to the embedding.
    /// </summary>
    /// <remarks>For kernels: <see cref="IsPlain"/> says whether they may turn pairs by it.</remarks>
    internal Tensor Table32 => _table32 ??= _table.to(ScalarType.Float32).DetachFromDisposeScope();

    /// <summary>Whether pairs are halves, as kernels turn them.</summary>
    internal bool IsPlain => _order == RotaryOrder.Halves;

    private bool TryKernel(Tensor query, Tensor key, Tensor? value, PackedBatch batch, PackedCacheStep? step, int layer)
    {
        var kernel = Kernel(query);
        var (keys, values) = step is null ? default : (step.Cache.Keys(layer), step.Cache.Values(layer));
        return kernel is not null
            && kernel.TryLaunch(query, key, value, Table32, batch.PositionIds, step?.Slots, keys, values);
    }

    /// <summary>The kernel for a tensor's type, or <see langword="null"/> where <see cref="Reason"/> says why there is none.</summary>
    private RotaryKernel? Kernel(Tensor tensor)
    {
        if (_kernelType != tensor.dtype)
        {
            _kernelType = tensor.dtype;
            try
            {
                if (!IsPlain)
                    throw new NotSupportedException("the kernel turns halves, not neighbours.");
                _kernel = RotaryKernel.For(tensor.device, tensor.dtype, _headSize);
                Reason = "CUDA kernel compiled by NVRTC";
            }
            catch (NotSupportedException obstacle)
            {
                _kernel = null;
                Reason = $"TorchSharp operations: {obstacle.Message}";
            }
        }
        return _kernel;
    }

    /// <summary>
    /// Cosines and sines of a batch's positions, [slots, 1, half a head]; the work is done in float32, in float64 for float64.
    /// </summary>
    private (Tensor Cosine, Tensor Sine) Factors(PackedBatch batch, ScalarType dtype)
    {
        var table = dtype == ScalarType.Float64 ? _table : Table32;
        var factors = table.index_select(0, batch.PositionIds.flatten()).unsqueeze(1).chunk(2, -1);
        return (factors[0], factors[1]);
    }

    private Tensor Turned(Tensor tensor, Tensor cosine, Tensor sine) => RotaryFactors.Turned(tensor, cosine, sine, _order);

    private void Check(Tensor query, Tensor key, PackedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(batch);
        Check(query, nameof(query), query.dtype, batch);
        Check(key, nameof(key), query.dtype, batch);
        Check(batch);
    }

    private void Check(Tensor tensor, string name, ScalarType dtype, PackedBatch batch)
    {
        TensorChecks.Require(tensor, name, [batch.Layout.SlotCount, TensorChecks.Any, _headSize], dtype, batch.Device);
        if (!tensor.is_floating_point())
            throw new ArgumentException($"Only floating types are rotated, not {dtype}.", name);
    }

    private void Check(PackedBatch batch)
    {
        if (!TensorChecks.IsOn(_table, batch.Device))
            throw new ArgumentException($"The batch lies on {batch.Device}, the embedding's table on {_table.device}.", nameof(batch));
        if (_frequencies.Rows.Count > 0)
            throw new NotSupportedException("The embedding's positions have several rows, a batch's one: take RotaryEmbedding.At.");
        var last = batch.Layout.PositionEnd - 1;
        if (last >= _maxPositions)
            throw new ArgumentOutOfRangeException(
                nameof(batch), last, $"The batch has position {last}, the table {_maxPositions} positions.");
    }
}
