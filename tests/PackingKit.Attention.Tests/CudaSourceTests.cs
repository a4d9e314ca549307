using System.Text.RegularExpressions;
using PackingKit.Samples.Models;
using PackingKit.Samples.Prefill.Model;
using PackingKit.Testing;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>What NVRTC is given, as far as it can be read without CUDA.</summary>
public partial class CudaSourceTests
{
    public static TheoryData<string, ScalarType, string> Kernels
    {
        get
        {
            var data = new TheoryData<string, ScalarType, string>();
            foreach (var dtype in (ScalarType[])[ScalarType.BFloat16, ScalarType.Float16, ScalarType.Float32])
            {
                data.Add("Rotary.cu", dtype, CudaSource.Compose(dtype, RotaryKernel.Source, RotaryKernel.Constants(dtype, headSize: 128)));
                data.Add("CrossEntropy.cu", dtype, CudaSource.Compose(
                    dtype, CrossEntropyKernel.Source, CrossEntropyKernel.Constants(dtype, vector: 4)));
                data.Add("LlamaKernels.cu", dtype,
                    CudaSource.Compose(dtype, CudaLlamaKernels.ReadSource(), CudaLlamaKernels.Constants(pieces: 512)));
                if (dtype != ScalarType.Float32)
                {
                    var constants = ShortPromptKernel.Constants(new AttentionShape(8, 2, 64, dtype), hasTable: true);
                    data.Add("ShortPrompts.cu", dtype, CudaSource.Compose(dtype, ShortPromptKernel.Source, constants));
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_macro_that_a_kernel_uses_is_defined(string file, ScalarType dtype, string text)
    {
        var code = Text().Replace(text, " ");
        var defined = Defined().Matches(code).Select(match => match.Groups[1].Value).Append("__CUDA_ARCH__").ToHashSet();
        var asked = Asked().Matches(code).Select(match => match.Groups[1].Value).ToHashSet(); // of which one is chosen
        var used = Macro().Matches(code).Select(match => match.Value).Distinct().Where(name => !asked.Contains(name));
        Assert.All(used, name => Assert.True(defined.Contains(name), $"{file} for {dtype} uses {name}, which nothing defines."));
        Assert.Single(asked, defined.Contains);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_is_plain_cuda_without_placeholders(string file, ScalarType dtype, string text)
    {
        Assert.DoesNotMatch(@"\$|\{\{|\}\}|\{\d+\}|\{[A-Za-z_]\w*\}", text);
        Assert.Equal(text.Count(c => c == '{'), text.Count(c => c == '}'));
        Assert.True(Regex.IsMatch(text, "extern \"C\" __global__ void "), $"{file} for {dtype} has no kernel.");
    }

    [Fact]
    public void Every_cuda_file_of_the_library_is_carried_by_it()
    {
        var files = Directory.GetFiles(Repository.PathOf("src.Attention"), "*.cu", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(File.ReadAllText(file), CudaSource.Read(Path.GetFileName(file))));
        Assert.Contains(
            "Nothing.cu", Assert.Throws<InvalidOperationException>(() => CudaSource.Read("Nothing.cu")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Macros_stand_in_front_of_the_source()
    {
        var text = CudaSource.Compose(ScalarType.Float16, "SOURCE", ("HEAD", 64), ("LEAST", -3));
        Assert.StartsWith("#define TYPE_F16 1\n#define HEAD 64\n#define LEAST -3\n", text, StringComparison.Ordinal);
        Assert.EndsWith("SOURCE", text, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CudaSource.Compose(ScalarType.Float32, "", ("no name", 1)));
        Assert.Throws<NotSupportedException>(() => CudaSource.Compose(ScalarType.Float64, ""));
    }

    [Fact]
    public void Without_cuda_a_kernel_is_refused_with_the_reason()
    {
        var thrown = Assert.Throws<NotSupportedException>(() => CudaKernel.Compile(CPU, ScalarType.Float32, "", "nothing"));
        Assert.Equal("the device is CPU", thrown.Message);
        Assert.Throws<ArgumentException>(() => CudaKernel.Compile(CPU, ScalarType.Float32, "", ""));
        Assert.Throws<ArgumentNullException>(() => CudaKernel.Compile(CPU, ScalarType.Float32, null!, "nothing"));
    }

    [Fact]
    public void Arguments_that_a_kernel_would_read_wrongly_are_refused_by_number()
    {
        using var onTheHost = zeros(1);
        CudaArgument nothing = (Tensor?)null;
        CudaKernel.Check("scale", 0, [8, 8, 4, 4, 4], [nothing, 1L, 1, 1u, 1f]);
        CudaKernel.Check("scale", 0, null, [1, 2]);
        Refused("scale has 2 parameters, not 1", [8, 4], [1L]);
        Refused("Parameter 1 of scale has 4 bytes, but the argument 8", [8, 4], [1L, 1L]);
        Refused("Argument 0 of scale lies on cpu, not on the kernel's device cuda:0", null, [onTheHost]);
        Refused("at most 128 arguments, not 129", null, new CudaArgument[129]);

        static void Refused(string message, int[]? sizes, CudaArgument[] arguments) => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => CudaKernel.Check("scale", 0, sizes, arguments)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Comments and strings: assembly has names of its own.</summary>
    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*" """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Text();

    [GeneratedRegex(@"^\s*#define\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Defined();

    [GeneratedRegex(@"defined\((\w+)\)")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\b(?:__)?[A-Z][A-Z0-9_]+\b")]
    private static partial Regex Macro();
}
