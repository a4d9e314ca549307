namespace PackingKit;

/// <summary>What <see cref="CuttingStock"/> found out.</summary>
public sealed record CuttingStockResult
{
    /// <summary>The cheapest plan found; <see langword="null"/> where there is none, or none was found.</summary>
    public required CuttingPlan? Plan { get; init; }

    /// <summary>No plan costs less. Where there is no plan at all, it says nothing.</summary>
    public required long LowerBound { get; init; }

    /// <summary>What is known: a cheapest plan, a plan, that there is none, or nothing.</summary>
    public required CuttingStockStatus Status { get; init; }

    /// <summary>Why the search stopped.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Time that the search took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>
    /// The plan's cost beyond the lower bound; 0 proves it cheapest. <see langword="null"/> where there is no plan.
    /// </summary>
    public long? Gap => Plan?.Cost - LowerBound;

    /// <summary>"73 bins at cost 73, bound 73 (Optimal)".</summary>
    public override string ToString() => Plan is null ? $"no plan ({Status})" : $"{Plan}, bound {LowerBound} ({Status})";
}
