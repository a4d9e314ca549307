using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>CUDA C that this assembly carries as .cu resources, and what is put in front of a source to complete it.</summary>
internal static partial class CudaSource
{
    private static readonly string ElementTypes = Read("ElementTypes.cu");

    /// <summary>The text of a .cu file of this assembly.</summary>
    /// <param name="file">Its name, without a folder.</param>
    public static string Read(string file)
    {
        using var stream = typeof(CudaSource).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The assembly carries no resource {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>What the compiler gets: a macro for the type and for each constant, the element type T, then the source.</summary>
    /// <exception cref="NotSupportedException">The type is none that kernels can be compiled for.</exception>
    /// <exception cref="ArgumentException">The name of a constant is no identifier.</exception>
    public static string Compose(ScalarType elementType, string source, params ReadOnlySpan<(string Name, int Value)> constants)
    {
        var text = new StringBuilder($"#define {Macro(elementType)} 1\n");
        foreach (var (name, value) in constants)
        {
            if (!Identifier().IsMatch(name))
                throw new ArgumentException($"'{name}' is no name for a macro.", nameof(constants));
            text.Append(CultureInfo.InvariantCulture, $"#define {name} {value}\n");
        }
        return text.Append(ElementTypes).Append(source).ToString();
    }

    private static string Macro(ScalarType elementType) => elementType switch
    {
        ScalarType.BFloat16 => "TYPE_BF16",
        ScalarType.Float16 => "TYPE_F16",
        ScalarType.Float32 => "TYPE_F32",
        _ => throw new NotSupportedException($"CUDA kernels are compiled for float32, float16 and bfloat16, not for {elementType}"),
    };

    [GeneratedRegex(@"^[A-Za-z_]\w*$", RegexOptions.ECMAScript)]
    private static partial Regex Identifier();
}
