using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

public partial class TorchRuntimeTests
{
    [Fact]
    public void TorchSharp_multiplies_matrices_once_loaded()
    {
        using var scope = torch.NewDisposeScope();
        var product = torch.ones(2, 3).matmul(torch.ones(3, 2));
        Assert.Equal([3f, 3f, 3f, 3f], product.data<float>().ToArray());
    }

    [Fact]
    public void A_named_folder_without_libtorch_is_said_to_be_so()
    {
        var (exitCode, output) = StartWith(Path.Combine(AppContext.BaseDirectory, "nowhere"));
        Assert.NotEqual(0, exitCode);
        Assert.Contains("nowhere nor its folder lib holds", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_libtorch_is_refused_before_it_is_loaded()
    {
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, "libtorch_cpu.so")))
            Assert.Skip("These tests run without a libtorch of their own.");
        var folder = Directory.CreateTempSubdirectory("packingkit-test-");
        try
        {
            foreach (var name in (string[])["libtorch_cpu.so", "torch_cpu.dll", "libtorch_cpu.dylib"])
                File.WriteAllBytes(Path.Combine(folder.FullName, name), []);
            var (exitCode, output) = StartWith(folder.FullName);
            Assert.NotEqual(0, exitCode);
            Assert.Contains("brings its own", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_missing_library_is_named_and_not_another_one()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The loader's words are those of Linux.");
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "libhostpolicy.so")))
            Assert.Skip("A self-contained program does not start from another folder.");
        var folder = Directory.CreateTempSubdirectory("packingkit-test-");
        try
        {
            var program = Path.Combine(folder.FullName, Path.GetFileName(Environment.ProcessPath!));
            // Copies: links would be followed back to the folder that has everything.
            File.Copy(Environment.ProcessPath!, program);
            foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            Assert.Contains("libLibTorchSharp.so lies in none of", StartWith("", program).Output, StringComparison.Ordinal);

            File.Copy(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"), Path.Combine(folder.FullName, "libLibTorchSharp.so"));
            var output = StartWith("", program).Output;
            Assert.Contains("Reference libtorch-cpu-linux-x64", output, StringComparison.Ordinal);
            Assert.Contains("libtorch.so: cannot open shared object file", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Loading_leaves_no_copy_behind()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux needs a copy.");
        var library = Process.GetCurrentProcess().Modules.Cast<ProcessModule>().First(module =>
            module.FileName.Contains("libLibTorchSharp", StringComparison.Ordinal));
        var path = library.FileName.Replace(" (deleted)", "", StringComparison.Ordinal);
        Assert.True(!File.Exists(path) || path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal), path);
    }

    [Fact]
    public void Segments_expand_unless_the_environment_says_otherwise()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only there.");
        const string name = "PYTORCH_ALLOC_CONF", older = "PYTORCH_CUDA_ALLOC_CONF";
        var (before, olderBefore) = (Get(name), Get(older));
        try
        {
            Assert.Equal(0, Unset(name) + Unset(older));
            TorchRuntime.ExpandSegments();
            Assert.Equal("expandable_segments:True", Get(name));

            Assert.Equal(0, Set(name, "max_split_size_mb:64", 1));
            TorchRuntime.ExpandSegments();
            Assert.Equal("max_split_size_mb:64", Get(name));

            Assert.Equal(0, Unset(name) + Set(older, "max_split_size_mb:64", 1));
            TorchRuntime.ExpandSegments();
            Assert.Null(Get(name));
        }
        finally
        {
            foreach (var (variable, value) in ((string, string?)[])[(name, before), (older, olderBefore)])
                _ = value is null ? Unset(variable) : Set(variable, value, 1);
        }

        static string? Get(string variable) => Marshal.PtrToStringUTF8(NativeVariable(variable));
    }

    /// <summary>
    /// These tests once more, in a process whose start loads TorchSharp as the variable says; only as far as listing them.
    /// </summary>
    private static (int ExitCode, string Output) StartWith(string folder, string? program = null)
    {
        var start = new ProcessStartInfo(program ?? Environment.ProcessPath!, ["-list", "methods"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[TorchRuntime.FolderVariable] = folder;
        start.Environment.Remove("LD_LIBRARY_PATH");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Result + error);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint NativeVariable(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);
}
