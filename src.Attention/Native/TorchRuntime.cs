using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace PackingKit.Attention;

/// <summary>
/// Makes TorchSharp's native libraries load. Call <see cref="EnsureLoaded"/> first thing in a program, before anything else of TorchSharp
/// is touched; this assembly's own ways in call it too.
/// </summary>
/// <remarks>
/// <para>Three things are helped along on Linux; otherwise, where TorchSharp loads by itself, nothing is done:</para>
/// <list type="bullet">
/// <item>An installed PyTorch (the way to a GPU without TorchSharp's CUDA packages): name its folder in the environment variable
/// <c>PACKINGKIT_TORCH</c> or in code. The <c>torch</c> package's folder, its <c>lib</c> and an unpacked libtorch will all do.</item>
/// <item>TorchSharp 0.107.0 names version GLIBCXX_3.4.32 of the C++ library (GCC 13) for a symbol that it never uses, and so is refused by
/// Debian 12 and Ubuntu 22.04. A private copy in the temporary folder is loaded instead, in which that one need is marked weak; it is
/// deleted once loaded. No file of a package is changed.</item>
/// <item>libtorch's allocator for CUDA is asked for segments that expand (<c>PYTORCH_ALLOC_CONF=expandable_segments:True</c>), unless the
/// environment configures it already: packed batches differ in size from one to the next, and fixed segments, each as large as some batch
/// once was, would pile up.</item>
/// </list>
/// </remarks>
public static partial class TorchRuntime
{
    /// <summary>The environment variable that names the folder of an installed PyTorch or libtorch.</summary>
    public const string FolderVariable = "PACKINGKIT_TORCH";

    private const string LibraryName = "LibTorchSharp";
    private const string UnusedVersion = "GLIBCXX_3.4.32";
    private static readonly Lock Gate = new();
    private static bool s_loaded;
    private static string? s_folder;

    /// <summary>Loads libtorch and TorchSharp's own native library, or says why they do not load. Later calls cost nothing.</summary>
    /// <param name="torchFolder">
    /// Folder of a PyTorch or libtorch; where none is given, that of <see cref="FolderVariable"/>, else the application's own.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">The folder that was named holds no libtorch.</exception>
    /// <exception cref="DllNotFoundException">
    /// A native library is missing or does not load; the message has the loader's own reason.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A folder was named, but the application brings a libtorch of its own, and a process takes only one.
    /// </exception>
    public static void EnsureLoaded(string? torchFolder = null)
    {
        if (Volatile.Read(ref s_loaded))
            return;
        lock (Gate)
        {
            if (s_loaded)
                return;
            ExpandSegments();
            if ((torchFolder ?? Environment.GetEnvironmentVariable(FolderVariable)) is { Length: > 0 } named)
                LoadLibTorch(FolderOf(named));
            if (!NativeLibrary.TryLoad(LibraryName, typeof(torch).Assembly, searchPath: null, out _))
                LoadByHand();
            torch.InitializeDeviceType(DeviceType.CPU);
            Volatile.Write(ref s_loaded, true);
        }
    }

    /// <summary>
    /// Sets what libtorch's allocator reads when it starts; in the C library, because .NET keeps its environment to itself.
    /// </summary>
    internal static void ExpandSegments()
    {
        if (OperatingSystem.IsLinux() && GetNativeVariable("PYTORCH_CUDA_ALLOC_CONF") == 0) // its older name
            SetNativeVariable("PYTORCH_ALLOC_CONF", "expandable_segments:True", overwrite: 0);
    }

    /// <summary>A library of the libtorch that is in use, such as <c>torch_cuda</c>; 0 where it has none.</summary>
    internal static nint Library(string name)
    {
        EnsureLoaded();
        return s_folder is not null && NativeLibrary.TryLoad(Path.Combine(s_folder, FileName(name)), out var handle)
            || NativeLibrary.TryLoad(name, typeof(torch).Assembly, searchPath: null, out handle) ? handle : 0;
    }

    /// <summary>What TorchSharp cannot do: load libtorch first, from where it lies, and then the library, mended if need be.</summary>
    private static void LoadByHand()
    {
        var library = Find(FileName(LibraryName)) ?? throw new DllNotFoundException(
            $"{FileName(LibraryName)} lies in none of {string.Join(", ", SearchFolders())}. " +
            "Does the application reference the package TorchSharp, for this platform?");
        if (Find(FileName("torch_cpu")) is { } libTorch)
            LoadLibTorch(Path.GetDirectoryName(libTorch)!);
        nint handle;
        try
        {
            handle = NativeLibrary.Load(library);
        }
        catch (DllNotFoundException refused) when (
            OperatingSystem.IsLinux() && refused.Message.Contains(UnusedVersion, StringComparison.Ordinal))
        {
            handle = LoadMended(library);
        }
        catch (DllNotFoundException refused)
        {
            throw new DllNotFoundException(
                $"{library} does not load. Reference libtorch-cpu-linux-x64 (or another libtorch package), " +
                $"or name an installed PyTorch in {FolderVariable}. " +
                $"The loader says: {refused.Message}", refused);
        }
        // Asked only after .NET's own probing has failed, which for this name it has.
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == LibraryName ? handle : 0;
    }

    private static nint LoadMended(string library)
    {
        var bytes = File.ReadAllBytes(library);
        try
        {
            if (!new ElfImage(bytes).TryMakeWeak(UnusedVersion))
                throw new BadImageFormatException($"It names no version {UnusedVersion}.");
        }
        catch (Exception exception) when (exception is BadImageFormatException or NotSupportedException)
        {
            throw new DllNotFoundException(
                $"{library} needs a C++ library with {UnusedVersion} (GCC 13: Debian 13, Ubuntu 24.04), " +
                $"and cannot be made to do without: {exception.Message}", exception);
        }
        // A folder of our own with our own rights only: nobody else can put a library there.
        var folder = Directory.CreateTempSubdirectory("packingkit-");
        try
        {
            var copy = Path.Combine(folder.FullName, Path.GetFileName(library));
            File.WriteAllBytes(copy, bytes);
            return NativeLibrary.Load(copy);
        }
        catch (DllNotFoundException refused)
        {
            throw new DllNotFoundException(
                $"{library} does not load even without its need of {UnusedVersion}. The loader says: {refused.Message}", refused);
        }
        finally
        {
            folder.Delete(recursive: true); // what is loaded stays mapped
        }
    }

    /// <summary>Loads libtorch by full path, dependencies first; what asks for it by name later gets this one.</summary>
    private static void LoadLibTorch(string folder)
    {
        s_folder = folder;
        foreach (var name in (string[])["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"])
        {
            var path = Path.Combine(folder, FileName(name));
            if (File.Exists(path))
                NativeLibrary.Load(path);
        }
    }

    private static string FolderOf(string named)
    {
        var folder = Array.Find([named, Path.Combine(named, "lib")], folder => File.Exists(Path.Combine(folder, FileName("torch_cpu"))))
            ?? throw new DirectoryNotFoundException($"Neither {named} nor its folder lib holds {FileName("torch_cpu")}.");
        if (Find(FileName("torch_cpu")) is { } own
            && Path.GetDirectoryName(own) != Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
            throw new InvalidOperationException(
                $"{folder} was named as the libtorch to use, but the application brings its own, {own}: leave one of them out.");
        return folder;
    }

    private static string? Find(string file) =>
        SearchFolders().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    /// <summary>Where .NET looks for native libraries of the application and its packages.</summary>
    private static IEnumerable<string> SearchFolders() =>
        ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory).Select(Path.TrimEndingDirectorySeparator).Distinct();

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetNativeVariable(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
