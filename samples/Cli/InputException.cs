namespace PackingKit.Cli;

/// <summary>Inputs that cannot be used, each with its reason as "file:line: reason".</summary>
internal sealed class InputException(IReadOnlyList<string> messages) : Exception(string.Join('\n', messages))
{
    public IReadOnlyList<string> Messages { get; } = messages;

    public static string Locate(string file, int line, string reason) => line > 0 ? $"{file}:{line}: {reason}" : $"{file}: {reason}";
}
