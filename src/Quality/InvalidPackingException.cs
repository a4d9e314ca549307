namespace PackingKit;

/// <summary>A strategy returned a packing that is not valid.</summary>
public sealed class InvalidPackingException : Exception
{
    /// <summary>The exception of a strategy with what it did wrong.</summary>
    /// <param name="strategy">Name of the strategy.</param>
    /// <param name="violations">What is wrong, at least one entry.</param>
    public InvalidPackingException(string strategy, IReadOnlyList<PackingViolation> violations)
        : base($"Strategy '{strategy}' returned a packing with {violations?.Count} violations; the first is {violations?[0]}.") =>
        Violations = violations ?? throw new ArgumentNullException(nameof(violations));

    /// <summary>What is wrong with the result.</summary>
    public IReadOnlyList<PackingViolation> Violations { get; }
}
