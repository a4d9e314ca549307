using System.Globalization;
using System.Text.RegularExpressions;

namespace PackingKit;

/// <summary>What the header of an .npy array of whole numbers says.</summary>
internal readonly partial record struct NpyHeader(int Width, bool IsSigned, bool IsBigEndian, int[] Shape)
{
    public static NpyHeader Parse(string text)
    {
        var type = DescrPattern().Match(text);
        if (!type.Success)
            throw new FormatException("The .npy header names no type.");
        var integer = IntegerPattern().Match(type.Groups[1].Value);
        if (!integer.Success)
            throw new FormatException($"The elements are of type {type.Groups[1].Value}, not whole numbers.");
        var shape = ShapePattern().Match(text);
        if (!shape.Success)
            throw new FormatException("The .npy header names no shape.");
        var parts = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] dimensions = [.. parts.Select(ParseDimension)];
        if (dimensions.Count(dimension => dimension > 1) > 1 && FortranPattern().IsMatch(text))
            throw new FormatException("The elements stand in column order.");
        if (dimensions.Aggregate(1.0, (product, dimension) => product * dimension) > Array.MaxLength)
            throw new FormatException($"The shape ({string.Join(", ", dimensions)}) has more elements than an array holds.");
        return new NpyHeader(
            int.Parse(integer.Groups[3].Value, CultureInfo.InvariantCulture), integer.Groups[2].Value == "i",
            integer.Groups[1].Value == ">", dimensions);
    }

    public long Decode(ReadOnlySpan<byte> bytes)
    {
        ulong bits = 0;
        for (var i = 0; i < Width; i++)
            bits = bits << 8 | bytes[IsBigEndian ? i : Width - 1 - i];
        if (IsSigned)
            return (long)(bits << (64 - 8 * Width)) >> (64 - 8 * Width);
        return bits <= long.MaxValue ? (long)bits : throw new FormatException(
            $"The element {bits} leaves the range of a signed 64-bit integer.");
    }

    private static int ParseDimension(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) ? dimension
            : throw new FormatException($"A dimension of the array is {text}, above what an array holds.");

    [GeneratedRegex("""'descr': *'([^']*)'""")]
    private static partial Regex DescrPattern();

    [GeneratedRegex("^([<>|])([iu])([1248])$")]
    private static partial Regex IntegerPattern();

    [GeneratedRegex("""'shape': *\(([0-9, ]*)\)""")]
    private static partial Regex ShapePattern();

    [GeneratedRegex("'fortran_order': *True")]
    private static partial Regex FortranPattern();
}
