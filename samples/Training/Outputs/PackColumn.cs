using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace PackingKit.Samples.Training;

/// <summary>A column of lists, one list a pack.</summary>
/// <param name="name">Of the column.</param>
/// <param name="element">Type of the lists' elements.</param>
internal abstract class PackColumn(string name, IArrowType element)
{
    public string Name { get; } = name;

    /// <summary>The type as Hugging Face's datasets spell it.</summary>
    public string ElementName => element.Name;

    /// <summary>Nullable throughout, as datasets expects it.</summary>
    public Field Field { get; } = new(name, new ListType(new Field("item", element, nullable: true)), nullable: true);

    /// <summary>Elements of a row.</summary>
    public abstract int CountOf(PackRow row);

    /// <summary>Bytes of an element.</summary>
    public abstract int Width { get; }

    /// <summary>Writes all elements of a row.</summary>
    public abstract void Write(PackRow row, Span<byte> elements);

    /// <summary>The array over finished buffers.</summary>
    public IArrowArray ToArray(int rows, ReadOnlyMemory<byte> offsets, int count, ReadOnlyMemory<byte> elements) => new ListArray(
        Field.DataType, rows, new ArrowBuffer(offsets),
        ArrowArrayFactory.BuildArray(new ArrayData(element, count, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(elements)])),
        ArrowBuffer.Empty, nullCount: 0);
}

/// <summary>A column by two functions.</summary>
internal sealed class PackColumn<T>(string name, IArrowType element, PackColumn<T>.Counter count, PackColumn<T>.Writer write)
    : PackColumn(name, element)
    where T : unmanaged
{
    public delegate int Counter(PackRow row);

    public delegate void Writer(PackRow row, Span<T> elements);

    public override int Width => Marshal.SizeOf<T>();

    public override int CountOf(PackRow row) => count(row);

    public override void Write(PackRow row, Span<byte> elements) => write(row, MemoryMarshal.Cast<byte, T>(elements));
}
