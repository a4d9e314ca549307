namespace PackingKit;

/// <summary>What a micro-batch may hold, and what is to be even.</summary>
public sealed record MicroBatchOptions
{
    /// <summary>The most tokens in a micro-batch, at least 1.</summary>
    public required long TokenCap { get; init => field = Require.AtLeast(value, 1); }

    /// <summary>The most samples in a micro-batch, at least 1; <see langword="null"/> (the default) for no limit.</summary>
    public int? MaxSamples { get; init => field = Require.AtLeast(value, 1); }

    /// <summary>
    /// Number of ranks, at least 1 (the default): the number of micro-batches is a multiple of it, so that every rank runs as many.
    /// </summary>
    public int Ranks { get; init => field = Require.AtLeast(value, 1); } = 1;

    /// <summary>Whether the numbers of samples in two micro-batches differ by at most one; samples that are alone do not count.</summary>
    public bool EqualCounts { get; init; }

    /// <summary>What is to be even; a transformer with hidden size 4096 by default.</summary>
    public WorkModel Work { get; init; } = WorkModel.Transformer(4096);

    /// <summary>What becomes of a sample above the cap; refused by default.</summary>
    public AboveCapRule AboveCap { get; init; } = AboveCapRule.Refuse;

    /// <summary>
    /// What finds and proves the fewest micro-batches; <see cref="Automatic"/> by default. With <see cref="ExactPacking"/> the count is
    /// proved where the bound of the heuristics is not met.
    /// </summary>
    public IPackingStrategy Packer { get; init => field = value ?? throw new ArgumentNullException(nameof(Packer)); } = new Automatic();
}
