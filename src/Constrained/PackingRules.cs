namespace PackingKit;

/// <summary>What may share a bin, beside what fits: the rules of a <see cref="ConstrainedProblem"/>, which checks them.</summary>
public sealed record PackingRules
{
    /// <summary>Stands for the group of an item that is in none, and for the class of an item that has none.</summary>
    public const int None = -1;

    /// <summary>Pairs of items that must not share a bin. Their order, and naming a pair twice, mean nothing.</summary>
    public ValueList<(int First, int Second)> Conflicts { get; init; } = [];

    /// <summary>
    /// The group of each item, any number from 0, or <see cref="None"/>: the items of one group share a bin. Empty for no groups.
    /// </summary>
    public ValueList<int> Groups { get; init; } = [];

    /// <summary>
    /// Whether a group that no bin takes as a whole is split instead of refused: into the bins that first-fit decreasing fills with it
    /// alone under the other rules. Each such part stays together. Groups that fit are never split.
    /// </summary>
    public bool SplitLargeGroups { get; init; }

    /// <summary>The class of each item, any number from 0, or <see cref="None"/>. Empty for no classes.</summary>
    public ValueList<int> Classes { get; init; } = [];

    /// <summary>The most classes of a bin, at least 1; <see langword="null"/> (the default) for any number.</summary>
    public int? MaxClasses { get; init => field = Require.AtLeast(value, 1); }

    /// <summary>The least that a bin holds of each resource, from 0 to its capacity. Empty for 0 of each.</summary>
    public ValueList<long> MinLoads { get; init; } = [];

    /// <summary>The most items of a bin, at least 1; <see cref="BinLimits.Unlimited"/> (the default) for any number.</summary>
    public long MaxItems { get; init => field = Require.AtLeast(value, 1); } = BinLimits.Unlimited;

    /// <summary>Whether a bin must hold something in particular, so that there may be no packing.</summary>
    internal bool HasMinLoads => MinLoads.AsSpan().ContainsAnyExcept(0);
}
