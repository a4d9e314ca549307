namespace PackingKit.Samples.Training;

/// <summary>All targets by name.</summary>
internal static class OutputTargets
{
    private static readonly OutputTarget[] All =
        [new TrlTarget(), new MegatronBridgeTarget(), new ArrowTarget(), new OlmoTarget(), new IndexTarget()];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(target => target.Name)];

    public static OutputTarget Named(string name) => All.First(target => target.Name == name);
}
