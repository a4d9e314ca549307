namespace PackingKit;

/// <summary>What is known of the cheapest plan.</summary>
public enum CuttingStockStatus
{
    /// <summary>No plan was found before the search stopped; there may be one.</summary>
    Unknown,

    /// <summary>It is proved that the supplies do not suffice.</summary>
    Infeasible,

    /// <summary>There is a plan; a cheaper one may exist.</summary>
    Feasible,

    /// <summary>There is a plan, and it is proved that none is cheaper.</summary>
    Optimal,
}
