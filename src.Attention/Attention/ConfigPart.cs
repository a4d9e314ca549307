using System.Text.Json;

namespace PackingKit.Attention;

/// <summary>
/// An object of a configuration, which knows what has not been read of it. A value of another kind than it is read as is refused;
/// <c>null</c> is no value.
/// </summary>
internal sealed class ConfigPart
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <param name="name">What messages call it, at the beginning of a sentence.</param>
    /// <param name="element">The object; none is an empty one.</param>
    public ConfigPart(string name, JsonElement? element)
    {
        Name = name;
        if (element is { } given)
            foreach (var property in given.EnumerateObject())
                _values[property.Name] = property.Value;
    }

    public string Name { get; }

    /// <summary>What is left; <c>null</c> and <c>false</c> say that something is not so, and are left out.</summary>
    public IEnumerable<ConfigEntry> Unread => _values
        .Where(value => !_read.Contains(value.Key) && value.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
        .Select(value => new ConfigEntry(Name, value.Key, value.Value));

    public ConfigPart? Part(string name) =>
        Value(name, "an object", JsonValueKind.Object) is { } value ? new ConfigPart($"\"{name}\"", value) : null;

    public string? Text(string name) => Value(name, "a string", JsonValueKind.String)?.GetString();

    public bool? Flag(string name) => Value(name, "true or false", JsonValueKind.True, JsonValueKind.False)?.GetBoolean();

    public double? Number(string name) => Value(name, "a number", JsonValueKind.Number)?.GetDouble();

    public double Needed(string name) => Number(name) ?? throw Missing(name);

    public int? Whole(string name) => Value(name, "a number", JsonValueKind.Number) is { } value ? Whole(name, value) : null;

    public int NeededWhole(string name) => Whole(name) ?? throw Missing(name);

    public int[]? Wholes(string name) => Value(name, "an array", JsonValueKind.Array) is { } value
        ? [.. value.EnumerateArray().Select(one => Whole(name, one))] : null;

    private int Whole(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && Math.Abs(number) <= int.MaxValue
        && number == Math.Truncate(number) ? (int)number : throw Wrong(name, value, "a whole number of 32 bits");

    private JsonElement? Value(string name, string kind, params ReadOnlySpan<JsonValueKind> kinds)
    {
        _read.Add(name);
        return !_values.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
            : kinds.Contains(value.ValueKind) ? value
            : throw Wrong(name, value, kind);
    }

    private FormatException Wrong(string name, JsonElement value, string kind) =>
        new($"{Name} has {new ConfigEntry(Name, name, value).Text}: that is not {kind}.");

    private FormatException Missing(string name) => new($"{Name} has no number \"{name}\".");
}

/// <summary>A value of a configuration.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="Name">Its key.</param>
/// <param name="Value">The value.</param>
internal readonly record struct ConfigEntry(string Part, string Name, JsonElement Value)
{
    private const int Shown = 60;

    /// <summary>Key and value, as they stand there, long ones cut.</summary>
    public string Text => $"\"{Cut(Name)}\": {Cut(Value.GetRawText())}";

    private static string Cut(string text) => text.Length > Shown ? text[..Shown] + "..." : text;
}
