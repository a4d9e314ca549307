namespace PackingKit.Cli;

/// <summary>Inputs that cannot be used, each with its reason as "file:line: reason".</summary>
internal sealed class InputException(IReadOnlyList<string> messages) : Exception(string.Join('\n', messages))
{
    /// <summary>One input that cannot be used; line 0 where no one line is to blame.</summary>
    public InputException(string file, int line, string reason)
        : this([line > 0 ? $"{file}:{line}: {reason}" : $"{(file == "" ? "''" : file)}: {reason}"])
    {
    }

    public IReadOnlyList<string> Messages { get; } = messages;
}
