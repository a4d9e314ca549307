namespace PackingKit;

/// <summary>What a study tries.</summary>
public sealed record StudyOptions
{
    /// <summary>
    /// Ids of the strategies to try, from <see cref="PackingStrategies.Ids"/>. By default every one that does not search and that what
    /// is studied allows: those that take items as they come need the items.
    /// </summary>
    public ValueList<string>? Strategies { get; init; }

    /// <summary>How often each is timed after a run to warm up, at least 1; 5 by default. Runs of more than a second count once.</summary>
    public int Repeats { get; init => field = Require.AtLeast(value, 1); } = 5;

    /// <summary>Capacities to try besides; by default some from half to four times the one that is studied.</summary>
    public ValueList<long>? Capacities { get; init; }

    /// <summary>Limits of items to try besides; by default powers of two up to what the fullest bin holds.</summary>
    public ValueList<long>? ItemLimits { get; init; }

    /// <summary>
    /// How many random orders are tried with strategies that take items as they come, besides both sorted ones; 3 by default.
    /// </summary>
    public int Orders { get; init => field = Require.AtLeast(value, 0); } = 3;

    /// <summary>Digits after the decimal point of the unit, from 0 to 28; for what is said in words alone.</summary>
    public int Decimals { get; init => field = Require.AtLeast(value, 0); }

    /// <summary>
    /// For strategies that search, and the seed of the random orders. Without a limit of time a search may take for ever.
    /// </summary>
    public SearchOptions Search { get; init; } = SearchOptions.Default;
}
