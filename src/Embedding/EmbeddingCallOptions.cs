namespace PackingKit;

/// <summary>What one call of an embedding service takes, and how many calls run at a time.</summary>
public sealed record EmbeddingCallOptions
{
    /// <summary>Maximum tokens of a call, all of its inputs together, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public required int MaxTokens { get; init => field = Require.AtLeast(value, 1); }

    /// <summary>Maximum inputs of a call, at least 1; <see langword="null"/> for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? MaxInputs { get; init => field = Require.AtLeast(value, 1); }

    /// <summary>Maximum calls under way at a time, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxConcurrency { get; init => field = Require.AtLeast(value, 1); } = 1;

    /// <summary>
    /// How inputs are divided over calls. By default best-fit over long and short inputs in turn, then in decreasing order where that does
    /// not meet the bound. Alone, decreasing order puts the long inputs together and the short ones, so that some calls are full by
    /// tokens, the others by inputs, and few by both.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is <see langword="null"/>.</exception>
    public IPackingStrategy Strategy
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Strategy));
    } = new BestOf(new MixedBestFit(), new BestFitDecreasing());

    internal BinLimits Limits => new(MaxTokens, MaxInputs ?? BinLimits.Unlimited);
}
