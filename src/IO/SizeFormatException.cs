namespace PackingKit;

/// <summary>A file of sizes that cannot be used, with the line and the reason.</summary>
public sealed class SizeFormatException : FormatException
{
    /// <summary>For a reason and the line where it shows.</summary>
    /// <param name="line">From 1; 0 where no one line is to blame.</param>
    /// <param name="reason">What is wrong, in words.</param>
    public SizeFormatException(int line, string reason)
        : base(line > 0 ? $"Line {line}: {reason}" : reason) => (Line, Reason) = (line, reason);

    /// <summary>The line, from 1; 0 where no one line is to blame.</summary>
    public int Line { get; }

    /// <summary>What is wrong, in words.</summary>
    public string Reason { get; }
}
