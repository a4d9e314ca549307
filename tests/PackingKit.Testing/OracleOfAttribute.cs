namespace PackingKit.Testing;

/// <summary>
/// Marks the method that is the definition of a strategy: <c>public static int[] Assign(PackingCase of)</c>, the bin of each item.
/// </summary>
/// <param name="id">The id of the strategy.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OracleOfAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}
