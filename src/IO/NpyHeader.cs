using System.Globalization;
using System.Text.RegularExpressions;

namespace PackingKit;

/// <summary>What the header of an .npy array of whole numbers says of it; see <see cref="Npy.ReadHeader"/>.</summary>
/// <param name="Width">Bytes of an element: 1, 2, 4 or 8.</param>
/// <param name="IsSigned">Whether elements may be negative.</param>
/// <param name="IsBigEndian">Whether the high byte of an element comes first.</param>
/// <param name="Shape">The dimensions, at most 64; their product is what an array can hold.</param>
public readonly partial record struct NpyHeader(int Width, bool IsSigned, bool IsBigEndian, ValueList<int> Shape)
{
    /// <summary>NumPy's own limit.</summary>
    private const int MaxDimensions = 64;

    /// <summary>The product of the dimensions; of a header that was read, at most what an array can hold.</summary>
    /// <exception cref="OverflowException">It is more than that, or a dimension is negative.</exception>
    public int Count
    {
        get
        {
            if (Shape is null)
                return 0;
            var dimensions = Shape.AsSpan();
            var product = dimensions.ContainsAnyInRange(int.MinValue, -1) ? -1 : Product(dimensions);
            return product is >= 0 and var count && count <= Array.MaxLength ? (int)count
                : throw new OverflowException($"No array has the shape ({string.Join(", ", Shape)}).");
        }
    }

    /// <summary>The product of dimensions that are not negative, or one above what an array can hold.</summary>
    internal static long Product(ReadOnlySpan<int> shape)
    {
        if (shape.Contains(0))
            return 0;
        long product = 1;
        foreach (var dimension in shape)
            product = Math.Min(product * dimension, Array.MaxLength + 1L);
        return product;
    }

    internal static NpyHeader Parse(string text)
    {
        var type = DescrPattern().Match(text);
        if (!type.Success)
            throw new FormatException("The .npy header names no type.");
        var integer = IntegerPattern().Match(type.Groups[1].Value);
        if (!integer.Success)
            throw new FormatException($"The elements are of type {Excerpt.Of(type.Groups[1].Value)}, not whole numbers.");
        var shape = ShapePattern().Match(text);
        if (!shape.Success)
            throw new FormatException("The .npy header names no shape.");
        var parts = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MaxDimensions)
            throw new FormatException($"The array has {parts.Length} dimensions, more than {MaxDimensions}.");
        ValueList<int> dimensions = [.. parts.Select(ParseDimension)];
        if (dimensions.Count(dimension => dimension > 1) > 1 && FortranPattern().IsMatch(text))
            throw new FormatException("The elements stand in column order.");
        if (Product(dimensions.AsSpan()) > Array.MaxLength)
            throw new FormatException($"The shape ({string.Join(", ", dimensions)}) has more elements than an array holds.");
        return new NpyHeader(
            int.Parse(integer.Groups[3].Value, CultureInfo.InvariantCulture), integer.Groups[2].Value == "i",
            integer.Groups[1].Value == ">", dimensions);
    }

    internal long Decode(ReadOnlySpan<byte> bytes)
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
            : throw new FormatException($"A dimension of the array is {Excerpt.Of(text)}, above what an array holds.");

    [GeneratedRegex("""'descr': *'([^']*)'""")]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"^([<>|])([iu])([1248])\z")]
    private static partial Regex IntegerPattern();

    [GeneratedRegex("""'shape': *\(([0-9, ]*)\)""")]
    private static partial Regex ShapePattern();

    [GeneratedRegex("'fortran_order': *True")]
    private static partial Regex FortranPattern();
}
