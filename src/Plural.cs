namespace PackingKit;

/// <summary>A number with its noun, for what people read.</summary>
internal static class Plural
{
    /// <summary>"1 bin", "2 bins".</summary>
    public static string Of(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
