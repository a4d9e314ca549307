using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace PackingKit.Attention;

/// <summary>The functions of NVRTC and of the CUDA driver that compile, load and launch a kernel; each call checked.</summary>
internal sealed unsafe class CudaDriver
{
    private const int ComputeCapabilityMajor = 75, ComputeCapabilityMinor = 76, InvalidValue = 1;

    private static readonly Lazy<CudaDriver> Loaded = new(() => new CudaDriver());

    private readonly delegate* unmanaged<uint, int> _init;
    private readonly delegate* unmanaged<int*, int, int> _deviceGet;
    private readonly delegate* unmanaged<int*, int, int, int> _deviceGetAttribute;
    private readonly delegate* unmanaged<nint*, int, int> _primaryContextRetain;
    private readonly delegate* unmanaged<nint*, int> _contextGetCurrent;
    private readonly delegate* unmanaged<nint, int> _contextSetCurrent;
    private readonly delegate* unmanaged<nint*, byte*, int> _moduleLoadData;
    private readonly delegate* unmanaged<nint*, nint, byte*, int> _moduleGetFunction;
    private readonly delegate* unmanaged<nint, nuint, nuint*, nuint*, int> _functionGetParameter;
    private readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> _launchKernel;
    private readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> _createProgram;
    private readonly delegate* unmanaged<nint, int, byte**, int> _compileProgram;
    private readonly delegate* unmanaged<nint, nuint*, int> _getProgramLogSize;
    private readonly delegate* unmanaged<nint, byte*, int> _getProgramLog;
    private readonly delegate* unmanaged<nint, nuint*, int> _getBinarySize;
    private readonly delegate* unmanaged<nint, byte*, int> _getBinary;
    private readonly delegate* unmanaged<nint*, int> _destroyProgram;

    private CudaDriver()
    {
        // libtorch's own bridge depends on the right NVRTC and on the driver, wherever they are; functions are found through it.
        var bridge = TorchRuntime.Library("caffe2_nvrtc");
        var driver = First(bridge, "cuInit", "libcuda.so.1", "nvcuda");
        var nvrtc = First(
            bridge, "nvrtcCompileProgram", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so", "nvrtc64_130_0", "nvrtc64_120_0");
        _init = (delegate* unmanaged<uint, int>)Export(driver, "cuInit");
        _deviceGet = (delegate* unmanaged<int*, int, int>)Export(driver, "cuDeviceGet");
        _deviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Export(driver, "cuDeviceGetAttribute");
        _primaryContextRetain = (delegate* unmanaged<nint*, int, int>)Export(driver, "cuDevicePrimaryCtxRetain");
        _contextGetCurrent = (delegate* unmanaged<nint*, int>)Export(driver, "cuCtxGetCurrent");
        _contextSetCurrent = (delegate* unmanaged<nint, int>)Export(driver, "cuCtxSetCurrent");
        _moduleLoadData = (delegate* unmanaged<nint*, byte*, int>)Export(driver, "cuModuleLoadData");
        _moduleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Export(driver, "cuModuleGetFunction");
        _functionGetParameter = (delegate* unmanaged<nint, nuint, nuint*, nuint*, int>)Optional(driver, "cuFuncGetParamInfo");
        _launchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)
            Export(driver, "cuLaunchKernel");
        _createProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Export(nvrtc, "nvrtcCreateProgram");
        _compileProgram = (delegate* unmanaged<nint, int, byte**, int>)Export(nvrtc, "nvrtcCompileProgram");
        _getProgramLogSize = (delegate* unmanaged<nint, nuint*, int>)Export(nvrtc, "nvrtcGetProgramLogSize");
        _getProgramLog = (delegate* unmanaged<nint, byte*, int>)Export(nvrtc, "nvrtcGetProgramLog");
        _getBinarySize = (delegate* unmanaged<nint, nuint*, int>)Export(nvrtc, "nvrtcGetCUBINSize");
        _getBinary = (delegate* unmanaged<nint, byte*, int>)Export(nvrtc, "nvrtcGetCUBIN");
        _destroyProgram = (delegate* unmanaged<nint*, int>)Export(nvrtc, "nvrtcDestroyProgram");
    }

    /// <summary>NVRTC and the driver, loaded at first use.</summary>
    /// <exception cref="NotSupportedException">One is missing; the message says which.</exception>
    public static CudaDriver Instance => Loaded.Value;

    /// <summary>A device's primary context, made current on this thread, and its architecture as NVRTC names it, such as sm_90a.</summary>
    public (nint Context, string Architecture) Context(int device)
    {
        int handle, major, minor;
        nint context;
        Check(_init(0), "cuInit");
        Check(_deviceGet(&handle, device), "cuDeviceGet");
        Check(_deviceGetAttribute(&major, ComputeCapabilityMajor, handle), "cuDeviceGetAttribute");
        Check(_deviceGetAttribute(&minor, ComputeCapabilityMinor, handle), "cuDeviceGetAttribute");
        Check(_primaryContextRetain(&context, handle), "cuDevicePrimaryCtxRetain");
        Check(_contextSetCurrent(context), "cuCtxSetCurrent");
        return (context, $"sm_{major}{minor}{((major, minor) == (9, 0) ? "a" : "")}"); // with what only this architecture has
    }

    /// <summary>Compiles CUDA C to a device's binary.</summary>
    /// <exception cref="NotSupportedException">It does not compile; the message has the compiler's log.</exception>
    public byte[] Compile(string source, string option)
    {
        nint program;
        fixed (byte* sourceBytes = Encoding.UTF8.GetBytes(source + '\0'))
            CheckCompiler(_createProgram(&program, sourceBytes, null, 0, null, null), "nvrtcCreateProgram");
        try
        {
            nuint size;
            fixed (byte* optionBytes = Encoding.ASCII.GetBytes(option + '\0'))
            {
                var options = optionBytes;
                if (_compileProgram(program, 1, &options) != 0)
                {
                    CheckCompiler(_getProgramLogSize(program, &size), "nvrtcGetProgramLogSize");
                    var log = new byte[size];
                    fixed (byte* bytes = log)
                        CheckCompiler(_getProgramLog(program, bytes), "nvrtcGetProgramLog");
                    throw new NotSupportedException(
                        $"NVRTC does not compile the kernel with {option}: {Encoding.UTF8.GetString(log).TrimEnd('\0')}");
                }
            }
            CheckCompiler(_getBinarySize(program, &size), "nvrtcGetCUBINSize");
            var binary = new byte[size];
            fixed (byte* bytes = binary)
                CheckCompiler(_getBinary(program, bytes), "nvrtcGetCUBIN");
            return binary;
        }
        finally
        {
            _destroyProgram(&program);
        }
    }

    /// <summary>A function of a binary, in the context that is current.</summary>
    public nint Load(byte[] binary, string name)
    {
        Debug.Assert(binary.Length > 0 && !name.Contains('\0', StringComparison.Ordinal));
        nint module, function;
        fixed (byte* bytes = binary, nameBytes = Encoding.ASCII.GetBytes(name + '\0'))
        {
            Check(_moduleLoadData(&module, bytes), "cuModuleLoadData");
            Check(_moduleGetFunction(&function, module, nameBytes), "cuModuleGetFunction");
        }
        return function;
    }

    /// <summary>
    /// Bytes of each of a function's parameters; <see langword="null"/> where the driver does not know (before CUDA 12.4).
    /// </summary>
    public int[]? ParameterSizes(nint function)
    {
        if (_functionGetParameter == null)
            return null;
        var sizes = new List<int>();
        for (; ; )
        {
            nuint offset, size;
            var error = _functionGetParameter(function, (nuint)sizes.Count, &offset, &size);
            if (error != 0)
                return error == InvalidValue ? [.. sizes] : null; // an invalid value: there is no such parameter
            sizes.Add((int)size);
        }
    }

    /// <summary>Launches a function; returns before it has run.</summary>
    public void Launch(nint context, nint function, uint blocks, uint threads, void* stream, void** arguments)
    {
        Debug.Assert(context != 0 && function != 0);
        nint current;
        Check(_contextGetCurrent(&current), "cuCtxGetCurrent");
        if (current != context)
            Check(_contextSetCurrent(context), "cuCtxSetCurrent");
        Check(_launchKernel(function, blocks, 1, 1, threads, 1, 1, 0, (nint)stream, arguments, null), "cuLaunchKernel");
    }

    private static void Check(int error, string function)
    {
        if (error != 0)
            throw new NotSupportedException($"The CUDA driver refuses {function} with error {error}.");
    }

    private static void CheckCompiler(int error, string function)
    {
        if (error != 0)
            throw new NotSupportedException($"NVRTC refuses {function} with error {error}.");
    }

    /// <summary>The bridge if it leads to a function, else the first library that loads.</summary>
    private static nint First(nint bridge, string export, params string[] names)
    {
        if (bridge != 0 && NativeLibrary.TryGetExport(bridge, export, out _))
            return bridge;
        var found = Array.ConvertAll(names, TorchRuntime.Library).FirstOrDefault(handle => handle != 0);
        return found != 0 ? found : throw new NotSupportedException($"none of {string.Join(", ", names)} loads, nor does libcaffe2_nvrtc");
    }

    private static nint Export(nint library, string name) => Optional(library, name) is var address and not 0
        ? address
        : throw new NotSupportedException($"{name} is missing in NVRTC or the CUDA driver");

    private static nint Optional(nint library, string name) =>
        NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
}
