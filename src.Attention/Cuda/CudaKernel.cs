using System.Collections.Concurrent;
using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// A CUDA kernel that is compiled from source at run time and launched on libtorch's current stream: no native build and no toolkit. NVRTC,
/// which compiles it, comes with every CUDA build of PyTorch.
/// </summary>
/// <remarks>
/// <para>The source is CUDA C for one element type <c>T</c>, with <c>float load(T)</c> and <c>T store(float)</c>; constants are macros.
/// Blocks and threads have one dimension, and there is no dynamic shared memory.</para>
/// <para>Addresses are all that a kernel learns of tensors: shapes and strides are up to the caller, and nothing checks what the kernel
/// reads and writes.</para>
/// <para>Thread-safe. What is compiled is kept until the process ends.</para>
/// </remarks>
/// <example><code>
/// var scale = CudaKernel.Compile(x.device, x.dtype, """
///     extern "C" __global__ void scale(T* x, long long count, float factor)
///     {
///         long long i = blockIdx.x * (long long)THREADS + threadIdx.x;
///         if (i &lt; count) x[i] = store(load(x[i]) * factor);
///     }
///     """, "scale", ("THREADS", 256));
/// scale.Launch((x.numel() + 255) / 256, 256, x, x.numel(), 0.5f);
/// </code></example>
public sealed unsafe class CudaKernel
{
    /// <summary>Maximum threads of a block, on any device.</summary>
    public const int MaxThreads = 1024;

    /// <summary>Maximum arguments of a kernel.</summary>
    public const int MaxArguments = 128;

    private static readonly ConcurrentDictionary<Key, CudaKernel> Compiled = new();

    private readonly CudaDriver _driver;
    private readonly nint _context;
    private readonly nint _function;
    private readonly int _device;
    private readonly string _name;
    private readonly int[]? _sizes;

    private CudaKernel(CudaDriver driver, Key key, byte[] binary, nint context)
    {
        _driver = driver;
        _context = context;
        _device = key.Device;
        _name = key.Name;
        _function = driver.Load(binary, key.Name);
        _sizes = driver.ParameterSizes(_function);
    }

    /// <summary>Compiles a kernel, or gives the one that was compiled before; then the cost is that of comparing the source.</summary>
    /// <param name="device">A CUDA device; one without a number is the first, as TorchSharp knows no other default.</param>
    /// <param name="elementType">What T shall be: float32, float16 or bfloat16.</param>
    /// <param name="source">CUDA C, without includes.</param>
    /// <param name="name">The kernel, declared <c>extern "C" __global__ void</c>.</param>
    /// <param name="constants">Macros that the source sees, by name.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The name of a constant is no identifier.</exception>
    /// <exception cref="NotSupportedException">
    /// The device is no CUDA device, there is no kernel for the type, NVRTC or the driver is missing, or NVRTC does not compile the source;
    /// the message says which and why.
    /// </exception>
    public static CudaKernel Compile(
        Device device, ScalarType elementType, string source, string name, params ReadOnlySpan<(string Name, int Value)> constants)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (device.type != DeviceType.CUDA)
            throw new NotSupportedException($"the device is {device.type}");
        var key = new Key(Math.Max(device.index, 0), elementType, source, name, string.Join(' ', constants.ToArray()));
        if (!Compiled.TryGetValue(key, out var kernel))
            kernel = Compiled.GetOrAdd(key, Create(key, CudaSource.Compose(elementType, source, constants)));
        return kernel;
    }

    /// <summary>Runs blocks of threads; returns before they have run. No block at all is no launch.</summary>
    /// <param name="blocks">Number of blocks, from 0 to 2^31 - 1.</param>
    /// <param name="threads">Threads of a block, from 1 to <see cref="MaxThreads"/>.</param>
    /// <param name="arguments">The kernel's arguments, in the order and of the types that it declares.</param>
    /// <exception cref="ArgumentOutOfRangeException">Blocks or threads are out of their range.</exception>
    /// <exception cref="ArgumentException">
    /// There are more or fewer arguments than parameters, one is of another size than its parameter (both where the driver knows: CUDA
    /// 12.4), or a tensor lies on another device; the message names it.
    /// </exception>
    /// <exception cref="NotSupportedException">The driver refuses; the message has its error.</exception>
    public void Launch(long blocks, int threads, params ReadOnlySpan<CudaArgument> arguments)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, int.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MaxThreads);
        Check(_name, _device, _sizes, arguments);
        if (blocks == 0)
            return;
        var values = stackalloc long[arguments.Length];
        var addresses = stackalloc void*[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            values[i] = arguments[i].Tensor is { } tensor ? (nint)AotiTorch.DataPointer(tensor) : arguments[i].Bits;
            addresses[i] = values + i; // numbers lie in the low bytes
        }
        Debug.Assert(BitConverter.IsLittleEndian, "A number's low bytes come first.");
        _driver.Launch(_context, _function, (uint)blocks, (uint)threads, AotiTorch.CurrentCudaStream(_device), addresses);
        foreach (var argument in arguments)
            GC.KeepAlive(argument.Tensor);
    }

    /// <summary>Refuses arguments that the kernel would read wrongly.</summary>
    /// <param name="kernel">Its name.</param>
    /// <param name="device">Number of its device.</param>
    /// <param name="sizes">Bytes of each parameter; <see langword="null"/> where they are not known.</param>
    /// <param name="arguments">What it is launched with.</param>
    internal static void Check(string kernel, int device, int[]? sizes, ReadOnlySpan<CudaArgument> arguments)
    {
        if (arguments.Length > MaxArguments)
            throw new ArgumentException($"A kernel has at most {MaxArguments} arguments, not {arguments.Length}.", nameof(arguments));
        if (sizes is not null && sizes.Length != arguments.Length)
            throw new ArgumentException($"{kernel} has {sizes.Length} parameters, not {arguments.Length}.", nameof(arguments));
        for (var i = 0; i < arguments.Length; i++)
        {
            if (sizes is not null && sizes[i] != arguments[i].Size)
                throw new ArgumentException(
                    $"Parameter {i} of {kernel} has {sizes[i]} bytes, but the argument {arguments[i].Size}.", nameof(arguments));
            if (arguments[i].Tensor is { } tensor && (tensor.device_type != DeviceType.CUDA || tensor.device_index != device))
                throw new ArgumentException(
                    $"Argument {i} of {kernel} lies on {tensor.device}, not on the kernel's device cuda:{device}.", nameof(arguments));
        }
    }

    private static CudaKernel Create(Key key, string source)
    {
        var driver = CudaDriver.Instance;
        // The context that libtorch uses too. It is kept until the process ends, like the function.
        var (context, architecture) = driver.Context(key.Device);
        return new CudaKernel(driver, key, Binary(), context);

        byte[] Binary()
        {
            try
            {
                return driver.Compile(source, $"--gpu-architecture={architecture}");
            }
            catch (NotSupportedException) when (architecture.EndsWith('a'))
            {
                return driver.Compile(source, $"--gpu-architecture={architecture[..^1]}"); // NVRTC before CUDA 12 knows no such names
            }
        }
    }

    private readonly record struct Key(int Device, ScalarType ElementType, string Source, string Name, string Constants);
}
