using System.Diagnostics;
using System.Runtime.InteropServices;
using FsCheck.Xunit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

[Properties(Arbitrary = [typeof(LayoutCases)], MaxTest = 30)]
public class RotaryEmbeddingTests
{
    private const int HeadSize = 8;

    [Property]
    public void Every_token_is_rotated_by_its_position_in_its_own_prompt(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        var layout = it.Layout.WithPast(Array.ConvertAll(it.Lengths, length => length % 3));
        using var batch = PackedBatch.Create(layout, it.Prompts);
        using var rotary = new RotaryEmbedding(HeadSize, 32, theta: 500);
        var q = randn(layout.SlotCount, 3, HeadSize, dtype: ScalarType.Float64);
        var k = randn(layout.SlotCount, 1, HeadSize, dtype: ScalarType.Float64);
        var (expectedQ, expectedK) = (Rotated(q, layout), Rotated(k, layout));
        rotary.Apply(q, k, batch);
        Assert.True(q.allclose(expectedQ, rtol: 1e-12, atol: 1e-12));
        Assert.True(k.allclose(expectedK, rtol: 1e-12, atol: 1e-12));
    }

    [Property]
    public void Keys_are_rotated_on_their_way_into_the_cache(LayoutCase it)
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(it.Layout, it.Prompts);
        using var rotary = new RotaryEmbedding(HeadSize, 32);
        using var cache = new PackedKVCache(1, 2, HeadSize, Array.ConvertAll(it.Lengths, length => length + 1), ScalarType.Float32);
        using var step = cache.Append(batch);
        var q = randn(it.Layout.SlotCount, 4, HeadSize);
        var (k, v) = (randn(it.Layout.SlotCount, 2, HeadSize), randn(it.Layout.SlotCount, 2, HeadSize));
        var (rotatedQ, rotatedK, keptK) = (q.clone(), k.clone(), k.clone());
        rotary.Apply(rotatedQ, rotatedK, batch);
        rotary.Apply(q, k, v, step, 0);
        Assert.True(Tensors.SameBits(rotatedQ, q));
        Assert.True(Tensors.SameBits(keptK, k));
        Assert.All(
            batch.SplitCache(rotatedK).Zip(cache.Split(cache.Keys(0))), pair => Assert.True(Tensors.SameBits(pair.First, pair.Second)));
        Assert.All(batch.SplitCache(v).Zip(cache.Split(cache.Values(0))), pair => Assert.True(Tensors.SameBits(pair.First, pair.Second)));
    }

    [Fact]
    public void Half_types_are_rotated_in_float32_and_rounded_once()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([30, 2]), [new int[30], new int[2]]);
        using var rotary = new RotaryEmbedding(HeadSize, 32);
        var q = randn(32, 2, HeadSize).to(ScalarType.BFloat16);
        var expected = Rotated(q.to(ScalarType.Float64), batch.Layout, theta: 10000).to(ScalarType.BFloat16);
        rotary.Apply(q, q.clone(), batch);
        var different = q.ne(expected).sum().item<long>(); // float32 may fall on the other side of a tie
        Assert.True(different <= 2, $"{different} elements");
        Assert.Contains("TorchSharp operations", rotary.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_shapes_and_positions_are_refused()
    {
        using var scope = NewDisposeScope();
        using var batch = PackedBatch.Create(PackedLayout.Flat([3]), [[1, 2, 3]]);
        using var rotary = new RotaryEmbedding(HeadSize, 2);
        var q = zeros(3, 1, HeadSize);
        Assert.Contains("position 2, the table 2", Assert.Throws<ArgumentOutOfRangeException>(() => rotary.Apply(q, q, batch)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => rotary.Apply(zeros(3, 1, 4), q, batch));
        Assert.Throws<ArgumentException>(() => rotary.Apply(q, q.to(ScalarType.Float64), batch));
        Assert.Throws<ArgumentException>(() => new RotaryEmbedding(7, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryEmbedding(8, 2, theta: 0));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var q = torch.randn(3, 1, HeadSize);
        using var k = torch.randn(3, 1, HeadSize);
        using var batch = PackedBatch.Create(PackedLayout.Flat([3]), [[1, 2, 3]]);
        var before = LiveTensors.CountBefore();
        for (var i = 0; i < 100; i++)
        {
            using var rotary = new RotaryEmbedding(HeadSize, 4);
            rotary.Apply(q, k, batch);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>The very CUDA source, compiled by g++ with one thread after the other.</summary>
    [Theory]
    [InlineData(ScalarType.Float32, 8, 4, 2)]
    [InlineData(ScalarType.Float32, 12, 3, 1)]
    [InlineData(ScalarType.BFloat16, 32, 4, 2)]
    [InlineData(ScalarType.BFloat16, 4, 2, 2)]
    public unsafe void The_cuda_source_gives_what_the_operations_give(ScalarType dtype, int headSize, int heads, int kvHeads)
    {
        var library = Emulated(dtype, headSize);
        using var scope = NewDisposeScope();
        int[] lengths = [3, 1, 5];
        var layout = PackedLayout.Flat(lengths, alignment: 4).WithPast([2, 0, 1]);
        using var batch = PackedBatch.Create(layout, lengths.Select(length => new int[length]).ToArray());
        using var rotary = new RotaryEmbedding(headSize, 16);
        using var cache = new PackedKVCache(2, kvHeads, headSize, [6, 2, 8], dtype);
        cache.Append(Before(cache), [0, 2]).Dispose();
        using var step = cache.Append(batch);
        foreach (var layer in (int[])[0, 1])
        {
            cache.Keys(layer).fill_(7);
            cache.Values(layer).fill_(7);
        }
        var fused = randn(layout.SlotCount, heads + 2 * kvHeads, headSize).to(dtype);
        var copy = fused.clone();
        rotary.Apply(Part(copy, 0), Part(copy, 1), Part(copy, 2), step, 0);

        var table = new float[16 * headSize];
        for (var position = 0; position < 16; position++)
            for (var i = 0; i < headSize / 2; i++)
                (table[position * headSize + i], table[position * headSize + headSize / 2 + i]) =
                    ((float)Math.Cos(position * Math.Pow(10000, -2.0 * i / headSize)),
                    (float)Math.Sin(position * Math.Pow(10000, -2.0 * i / headSize)));
        var run = (delegate* unmanaged<int, int, void*, void*, void*, void*, void*, void*, void*, void*, long, long, long, int, int, void>)
            NativeLibrary.GetExport(library, "run");
        var t = Pointer(tensor(table).clone()); // on a boundary of 16 bytes, as libtorch allocates
        fixed (long* slots = step.SlotMapping)
        {
            var (q, k, v) = (Part(fused, 0), Part(fused, 1), Part(fused, 2));
            var stride = fused.stride(0);
            run(layout.SlotCount, 64, Pointer(q), Pointer(k), Pointer(v), t, Pointer(batch.PositionIds), slots,
                Pointer(cache.Keys(1)), Pointer(cache.Values(1)), stride, stride, stride, heads, kvHeads);
            Near(copy, fused);
            Near(cache.Keys(0), cache.Keys(1));
            Near(cache.Values(0), cache.Values(1));

            rotary.Apply(Part(copy, 0), Part(copy, 1), batch);
            run(layout.SlotCount, 32, Pointer(q), Pointer(k), null, t, Pointer(batch.PositionIds), null, null, null, stride, stride, 0,
                heads, kvHeads);
            Near(copy, fused);
        }

        Tensor Part(Tensor all, int part) => part == 0 ? all.narrow(1, 0, heads) : all.narrow(1, heads + (part - 1) * kvHeads, kvHeads);

        void Near(Tensor expected, Tensor actual) => Assert.True(
            expected.to(ScalarType.Float64).allclose(
                actual.to(ScalarType.Float64), rtol: dtype == ScalarType.Float32 ? 1e-6 : 8e-3, atol: 1e-6));

        static PackedBatch Before(PackedKVCache _) => PackedBatch.Create(PackedLayout.Flat([2, 1]), [[1, 2], [3]]);

        static void* Pointer(Tensor tensor) => AotiTorch.DataPointer(tensor);
    }

    private static nint Emulated(ScalarType dtype, int headSize)
    {
        const string before = """
            #include <cstring>
            #define __device__ static
            #define __global__
            #define __align__(n) __attribute__((aligned(n)))
            struct Index { unsigned x; };
            static Index blockIdx, threadIdx, blockDim;
            static inline float __uint_as_float(unsigned x) { float y; memcpy(&y, &x, 4); return y; }
            static inline unsigned __float_as_uint(float x) { unsigned y; memcpy(&y, &x, 4); return y; }

            """;
        const string after = """

            extern "C" void run(
                int tokens, int threads, T* q, T* k, const T* v, const float* t, const long long* p, const long long* s, T* kc, T* vc,
                long long qs, long long ks, long long vs, int heads, int kvHeads)
            {
                blockDim.x = threads;
                for (blockIdx.x = 0; blockIdx.x < (unsigned)tokens; blockIdx.x++)
                    for (threadIdx.x = 0; threadIdx.x < (unsigned)threads; threadIdx.x++)
                        rotary(q, k, v, t, p, s, kc, vc, qs, ks, vs, heads, kvHeads);
            }
            """;
        var folder = Directory.CreateTempSubdirectory("packingkit-test-");
        try
        {
            var (source, library) = (Path.Combine(folder.FullName, "rotary.cpp"), Path.Combine(folder.FullName, "rotary.so"));
            var kernel = CudaSource.Compose(dtype, RotaryKernel.Source, RotaryKernel.Constants(dtype, headSize));
            File.WriteAllText(source, before + kernel + after);
            var start = new ProcessStartInfo("g++", ["-shared", "-fPIC", "-O1", "-fno-strict-aliasing", "-o", library, source])
            { RedirectStandardError = true };
            Process process;
            try
            {
                process = Process.Start(start)!;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                Assert.Skip("No g++ to run the CUDA source with.");
                throw;
            }
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
            process.Dispose();
            return NativeLibrary.Load(library);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The textbook: each pair of elements rotated by its angle, in float64, token by token.</summary>
    private static Tensor Rotated(Tensor tensor, PackedLayout layout, double theta = 500)
    {
        var result = tensor.clone();
        for (var slot = 0; slot < layout.SlotCount; slot++)
        {
            for (var i = 0; i < HeadSize / 2; i++)
            {
                var (sine, cosine) = Math.SinCos(layout.PositionIds[slot] * Math.Pow(theta, -2.0 * i / HeadSize));
                var (x, y) = (tensor[slot, .., i], tensor[slot, .., i + HeadSize / 2]);
                result[slot, .., i] = x * cosine - y * sine;
                result[slot, .., i + HeadSize / 2] = y * cosine + x * sine;
            }
        }
        return result;
    }
}
