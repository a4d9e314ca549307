using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace PackingKit.Attention;

/// <summary>
/// A CUDA kernel compiled from source at run time by NVRTC, which comes with every CUDA build of PyTorch, and launched through the driver:
/// no native build.
/// </summary>
internal sealed unsafe class CudaFunction
{
    /// <summary>CUDA C: the element type T that TYPE_BF16, TYPE_F16 or neither (float32) defines, with its way from and to float32.</summary>
    public const string ElementTypes = """
        #if defined(TYPE_BF16)
        typedef unsigned short T;
        __device__ inline float load(T x) { return __uint_as_float((unsigned)x << 16); }
        __device__ inline T store(float x)
        {
        #if __CUDA_ARCH__ >= 800
            T y; asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(y) : "f"(x)); return y;
        #else
            unsigned bits = __float_as_uint(x);
            if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff;              // NaN stays NaN
            return (T)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);           // to nearest, ties to even
        #endif
        }
        #elif defined(TYPE_F16)
        typedef unsigned short T;
        __device__ inline float load(T x) { float y; asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x)); return y; }
        __device__ inline T store(float x) { T y; asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y) : "f"(x)); return y; }
        #else
        typedef float T;
        __device__ inline float load(T x) { return x; }
        __device__ inline T store(float x) { return x; }
        #endif

        """;

    private static readonly ConcurrentDictionary<(int Device, string Source, string Name, string Options), CudaFunction> Compiled = new();

    private readonly Api _api;
    private readonly nint _context;
    private readonly nint _function;

    private CudaFunction(Api api, nint context, nint function) => (_api, _context, _function) = (api, context, function);

    /// <summary>Compiles a function for a device, or gives the one that was compiled before.</summary>
    /// <param name="device">Number of the device; below 0, as <c>torch.CUDA</c> has it, for the first: TorchSharp knows no other default.</param>
    /// <param name="source">CUDA C.</param>
    /// <param name="name">The function, declared <c>extern "C" __global__</c>.</param>
    /// <param name="options">Options for NVRTC; the architecture is added.</param>
    /// <exception cref="NotSupportedException">NVRTC or the driver is missing or does not compile it; the message says why.</exception>
    public static CudaFunction Compile(int device, string source, string name, params string[] options) =>
        Compiled.GetOrAdd(
            (Math.Max(device, 0), source, name, string.Join(' ', options)), key => Create(key.Device, key.Source, key.Name, options));

    /// <summary>Runs <paramref name="blocks"/> blocks of <paramref name="threads"/> threads; returns before they have run.</summary>
    /// <param name="blocks">Blocks, in one dimension.</param>
    /// <param name="threads">Threads of a block, in one dimension.</param>
    /// <param name="stream">The stream to work on.</param>
    /// <param name="arguments">The address of each argument.</param>
    public void Launch(uint blocks, uint threads, void* stream, void** arguments)
    {
        nint current;
        Api.Check(_api.CtxGetCurrent(&current), "cuCtxGetCurrent");
        if (current != _context)
            Api.Check(_api.CtxSetCurrent(_context), "cuCtxSetCurrent");
        Api.Check(_api.LaunchKernel(_function, blocks, 1, 1, threads, 1, 1, 0, (nint)stream, arguments, null), "cuLaunchKernel");
    }

    private static CudaFunction Create(int device, string source, string name, string[] options)
    {
        var api = Api.Instance.Value;
        int handle, major, minor;
        nint context, module, function;
        Api.Check(api.Init(0), "cuInit");
        Api.Check(api.DeviceGet(&handle, device), "cuDeviceGet");
        Api.Check(api.DeviceGetAttribute(&major, 75, handle), "cuDeviceGetAttribute");
        Api.Check(api.DeviceGetAttribute(&minor, 76, handle), "cuDeviceGetAttribute");
        // The context that libtorch uses too. It is kept until the process ends, like the function.
        Api.Check(api.PrimaryCtxRetain(&context, handle), "cuDevicePrimaryCtxRetain");
        Api.Check(api.CtxSetCurrent(context), "cuCtxSetCurrent");
        var binary = Binary(api, source, [$"--gpu-architecture=sm_{major}{minor}", .. options]);
        fixed (byte* bytes = binary, nameBytes = Encoding.ASCII.GetBytes(name + '\0'))
        {
            Api.Check(api.ModuleLoadData(&module, bytes), "cuModuleLoadData");
            Api.Check(api.ModuleGetFunction(&function, module, nameBytes), "cuModuleGetFunction");
        }
        return new CudaFunction(api, context, function);
    }

    private static byte[] Binary(Api api, string source, string[] options)
    {
        nint program;
        fixed (byte* sourceBytes = Encoding.ASCII.GetBytes(source + '\0'))
            Api.CheckCompiler(api.CreateProgram(&program, sourceBytes, null, 0, null, null), "nvrtcCreateProgram");
        var pointers = stackalloc byte*[options.Length];
        try
        {
            for (var i = 0; i < options.Length; i++)
                pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(options[i]);
            nuint size;
            if (api.CompileProgram(program, options.Length, pointers) != 0)
            {
                Api.CheckCompiler(api.GetProgramLogSize(program, &size), "nvrtcGetProgramLogSize");
                var log = new byte[size];
                fixed (byte* bytes = log)
                    Api.CheckCompiler(api.GetProgramLog(program, bytes), "nvrtcGetProgramLog");
                throw new NotSupportedException(
                    $"NVRTC does not compile the kernel with {string.Join(' ', options)}: {Encoding.UTF8.GetString(log).TrimEnd('\0')}");
            }
            Api.CheckCompiler(api.GetCubinSize(program, &size), "nvrtcGetCUBINSize");
            var binary = new byte[size];
            fixed (byte* bytes = binary)
                Api.CheckCompiler(api.GetCubin(program, bytes), "nvrtcGetCUBIN");
            return binary;
        }
        finally
        {
            for (var i = 0; i < options.Length; i++)
                Marshal.FreeCoTaskMem((nint)pointers[i]);
            api.DestroyProgram(&program);
        }
    }

    /// <summary>The functions of NVRTC and of the driver.</summary>
    private sealed class Api
    {
        public static readonly Lazy<Api> Instance = new(() => new Api());

        public readonly delegate* unmanaged<uint, int> Init;
        public readonly delegate* unmanaged<int*, int, int> DeviceGet;
        public readonly delegate* unmanaged<int*, int, int, int> DeviceGetAttribute;
        public readonly delegate* unmanaged<nint*, int, int> PrimaryCtxRetain;
        public readonly delegate* unmanaged<nint*, int> CtxGetCurrent;
        public readonly delegate* unmanaged<nint, int> CtxSetCurrent;
        public readonly delegate* unmanaged<nint*, byte*, int> ModuleLoadData;
        public readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
        public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;
        public readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> CreateProgram;
        public readonly delegate* unmanaged<nint, int, byte**, int> CompileProgram;
        public readonly delegate* unmanaged<nint, nuint*, int> GetProgramLogSize;
        public readonly delegate* unmanaged<nint, byte*, int> GetProgramLog;
        public readonly delegate* unmanaged<nint, nuint*, int> GetCubinSize;
        public readonly delegate* unmanaged<nint, byte*, int> GetCubin;
        public readonly delegate* unmanaged<nint*, int> DestroyProgram;

        private Api()
        {
            // libtorch's own bridge depends on the right NVRTC and on the driver, wherever they are; functions are found through it.
            var bridge = TorchRuntime.Library("caffe2_nvrtc");
            var driver = First(bridge, "cuInit", "libcuda.so.1", "nvcuda");
            var nvrtc = First(bridge, "nvrtcCompileProgram", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so", "nvrtc64_130_0", "nvrtc64_120_0");
            Init = (delegate* unmanaged<uint, int>)Export(driver, "cuInit");
            DeviceGet = (delegate* unmanaged<int*, int, int>)Export(driver, "cuDeviceGet");
            DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Export(driver, "cuDeviceGetAttribute");
            PrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)Export(driver, "cuDevicePrimaryCtxRetain");
            CtxGetCurrent = (delegate* unmanaged<nint*, int>)Export(driver, "cuCtxGetCurrent");
            CtxSetCurrent = (delegate* unmanaged<nint, int>)Export(driver, "cuCtxSetCurrent");
            ModuleLoadData = (delegate* unmanaged<nint*, byte*, int>)Export(driver, "cuModuleLoadData");
            ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Export(driver, "cuModuleGetFunction");
            LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export(driver, "cuLaunchKernel");
            CreateProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Export(nvrtc, "nvrtcCreateProgram");
            CompileProgram = (delegate* unmanaged<nint, int, byte**, int>)Export(nvrtc, "nvrtcCompileProgram");
            GetProgramLogSize = (delegate* unmanaged<nint, nuint*, int>)Export(nvrtc, "nvrtcGetProgramLogSize");
            GetProgramLog = (delegate* unmanaged<nint, byte*, int>)Export(nvrtc, "nvrtcGetProgramLog");
            GetCubinSize = (delegate* unmanaged<nint, nuint*, int>)Export(nvrtc, "nvrtcGetCUBINSize");
            GetCubin = (delegate* unmanaged<nint, byte*, int>)Export(nvrtc, "nvrtcGetCUBIN");
            DestroyProgram = (delegate* unmanaged<nint*, int>)Export(nvrtc, "nvrtcDestroyProgram");
        }

        public static void Check(int error, string function)
        {
            if (error != 0)
                throw new NotSupportedException($"The CUDA driver refuses {function} with error {error}.");
        }

        public static void CheckCompiler(int error, string function)
        {
            if (error != 0)
                throw new NotSupportedException($"NVRTC refuses {function} with error {error}.");
        }

        private static nint First(nint bridge, string export, params string[] names)
        {
            if (bridge != 0 && NativeLibrary.TryGetExport(bridge, export, out _))
                return bridge;
            return Array.ConvertAll(names, TorchRuntime.Library).FirstOrDefault(handle => handle != 0) is var found and not 0
                ? found
                : throw new NotSupportedException($"none of {string.Join(", ", names)} loads, nor does libcaffe2_nvrtc");
        }

        private static nint Export(nint library, string name) => NativeLibrary.TryGetExport(library, name, out var address)
            ? address
            : throw new NotSupportedException($"{name} is missing in NVRTC or the CUDA driver");
    }
}
