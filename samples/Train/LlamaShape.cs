namespace PackingKit.Samples.Train;

/// <summary>How large a Llama is.</summary>
internal sealed record LlamaShape(int Hidden, int Layers, int Heads, int Intermediate)
{
    private static readonly Dictionary<string, LlamaShape> Known = new()
    {
        ["tiny"] = new(128, 2, 4, 344),
        ["134m"] = new(768, 12, 12, 2048),
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    public int HeadSize => Hidden / Heads;

    public static LlamaShape Named(string name) => Known[name];
}
