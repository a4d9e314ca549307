namespace PackingKit;

/// <summary>The work of a sample of L tokens in units of the caller's own: a·L + b·L².</summary>
/// <param name="PerToken">a, what grows with the tokens: matrix products. Not negative.</param>
/// <param name="PerSquare">b, what grows with their square: attention. Not negative.</param>
public readonly record struct WorkModel(long PerToken, long PerSquare)
{
    /// <summary>a, not negative.</summary>
    public long PerToken { get; } = Require.AtLeast(PerToken, 0);

    /// <summary>b, not negative.</summary>
    public long PerSquare { get; } = Require.AtLeast(PerSquare, 0);

    /// <summary>Tokens alone.</summary>
    public static WorkModel Tokens { get; } = new(1, 0);

    /// <summary>
    /// That of a transformer layer with a feed-forward part four times as wide: 24·h²·L + 4·h·L² operations forward, which is
    /// 6·h·L + L² in units of 4·h. For causal attention by a kernel that skips what is masked, double <see cref="PerToken"/>.
    /// </summary>
    /// <param name="hiddenSize">h, at least 1.</param>
    public static WorkModel Transformer(int hiddenSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenSize, 1);
        return new WorkModel(6L * hiddenSize, 1);
    }

    /// <summary>The work of a sample.</summary>
    /// <exception cref="OverflowException">It leaves the range of <see cref="long"/>.</exception>
    public long Of(long length) => checked((PerToken * length) + (PerSquare * length * length));

    /// <summary>"24576·L + 1·L²".</summary>
    public override string ToString() => $"{PerToken}·L + {PerSquare}·L²";
}
