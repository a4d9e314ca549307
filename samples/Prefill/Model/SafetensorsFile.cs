using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Model;

/// <summary>
/// A file of tensors in the safetensors format: 8 bytes with the length of a JSON header, the header with each tensor's type, shape and
/// place, the data without gaps. What does not hold together is refused; a tensor's bytes are read when it is asked for.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const long MaxHeader = 100_000_000; // bytes; the format's own limit
    private const int MaxRead = 1 << 30; // bytes at a time: a span counts by int
    private static readonly Dictionary<string, (ScalarType Type, int Size)> Types = new()
    {
        ["F64"] = (ScalarType.Float64, 8),
        ["F32"] = (ScalarType.Float32, 4),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
        ["I64"] = (ScalarType.Int64, 8),
        ["I32"] = (ScalarType.Int32, 4),
        ["I16"] = (ScalarType.Int16, 2),
        ["I8"] = (ScalarType.Int8, 1),
        ["U8"] = (ScalarType.Byte, 1),
        ["BOOL"] = (ScalarType.Bool, 1),
    };
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="BadInputException">It cannot be read or is not such a file; the message says why.</exception>
    public SafetensorsFile(string path)
    {
        _path = path;
        try
        {
            _file = File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: {exception.Message}", exception);
        }
        try
        {
            ReadHeader(RandomAccess.GetLength(_file));
        }
        catch (BadInputException)
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>A tensor's sizes, from the header alone.</summary>
    /// <exception cref="BadInputException">There is none of that name.</exception>
    public ReadOnlySpan<long> ShapeOf(string name) => EntryOf(name).Shape;

    /// <summary>A copy of a tensor, on the CPU and in the file's type; the caller's.</summary>
    /// <exception cref="BadInputException">There is none of that name.</exception>
    public Tensor Read(string name)
    {
        var entry = EntryOf(name);
        var tensor = empty(entry.Shape, entry.Type);
        using var elements = tensor.view(-1);
        var atOnce = MaxRead / tensor.ElementSize;
        for (var first = 0L; first < tensor.NumberOfElements; first += atOnce)
        {
            using var part = elements.narrow(0, first, Math.Min(atOnce, tensor.NumberOfElements - first));
            ReadExactly(part.bytes, entry.Start + first * tensor.ElementSize);
        }
        return tensor;
    }

    public void Dispose() => _file.Dispose();

    private Entry EntryOf(string name) =>
        _entries.TryGetValue(name, out var entry) ? entry : throw Refused($"it has no tensor '{name}'");

    private void ReadHeader(long length)
    {
        if (length < 8)
            throw Refused("it is too short for a header");
        Span<byte> first = stackalloc byte[8];
        ReadExactly(first, 0);
        var header = BinaryPrimitives.ReadUInt64LittleEndian(first);
        if (header > (ulong)Math.Min(length - 8, MaxHeader))
            throw Refused($"its header claims {header} bytes of a file of {length}");
        var data = 8 + (long)header;
        var text = new byte[header];
        ReadExactly(text, 8);
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            throw Refused($"its header is no JSON: {exception.Message}");
        }
        using (json)
        {
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Refused("its header is no JSON object");
            foreach (var property in json.RootElement.EnumerateObject())
            {
                var name = NameOf(property);
                if (name != "__metadata__" && !_entries.TryAdd(name, Parse(name, property.Value, data, length)))
                    throw Refused($"tensor '{name}' is there twice");
            }
        }
        var end = data;
        foreach (var (name, entry) in _entries.OrderBy(entry => entry.Value.Start).ThenBy(entry => entry.Value.End))
        {
            if (entry.Start != end)
                throw Refused(
                    $"tensor '{name}' starts at byte {entry.Start - data} of the data, not at {end - data} where the one before it ends");
            end = entry.End;
        }
        if (end != length)
            throw Refused($"its tensors end at byte {end}, the file at {length}");
    }

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw Refused("the name of a tensor in its header is no text: not UTF-8, or half of a character");
        }
    }

    private Entry Parse(string name, JsonElement value, long data, long length)
    {
        try
        {
            var type = value.GetProperty("dtype").GetString() ?? "null";
            var shape = value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
            if (!Types.TryGetValue(type, out var known))
                throw Refused($"tensor '{name}' has the unknown type '{type}'");
            if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > length - data)
                throw Refused($"tensor '{name}' lies at [{string.Join(", ", offsets)}] of {length - data} bytes of data");
            if (shape.Any(size => size < 0))
                throw Refused($"tensor '{name}' has the shape [{string.Join(", ", shape)}]");
            var bytes = shape.Aggregate((long)known.Size, (product, size) => checked(product * size));
            return bytes == offsets[1] - offsets[0]
                ? new Entry(known.Type, shape, data + offsets[0], data + offsets[1])
                : throw Refused(
                    $"tensor '{name}' of shape [{string.Join(", ", shape)}] and type {type} takes {bytes} bytes, " +
                    $"not {offsets[1] - offsets[0]}");
        }
        catch (Exception exception) when (
            exception is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Refused($"the entry of tensor '{name}' is wrong: {exception.Message}");
        }
    }

    private void ReadExactly(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var count = RandomAccess.Read(_file, bytes, offset);
            if (count == 0)
                throw Refused($"it ends at byte {offset}, though it was longer when it was opened");
            bytes = bytes[count..];
            offset += count;
        }
    }

    private BadInputException Refused(string reason) => new($"{_path} is no safetensors file that can be used: {reason}.");

    private sealed record Entry(ScalarType Type, long[] Shape, long Start, long End);
}
