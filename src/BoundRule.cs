namespace PackingKit;

/// <summary>Names of the rules behind lower bounds, as in results, certificates and files.</summary>
public static class BoundRule
{
    /// <summary>The continuous bound: <see cref="LowerBounds.L1"/>.</summary>
    public const string L1 = "L1";

    /// <summary>The bound of Martello and Toth: <see cref="LowerBounds.L2"/>.</summary>
    public const string L2 = "L2";

    /// <summary>Dual feasible functions: <see cref="LowerBounds.DualFeasible"/>.</summary>
    public const string DualFeasible = "DFF";

    /// <summary>The Gilmore-Gomory relaxation, rounded up, with integer prices where it proves the bound alone.</summary>
    public const string ColumnGeneration = "column generation";

    /// <summary>
    /// A tree of column generations in which CP-SAT has decided, over every pattern that could matter, and no proof without it was found.
    /// </summary>
    public const string Enumeration = "enumeration + cp-sat";

    /// <summary>A tree of column generations, with the <see cref="Refutation"/> that it is unless that is too large.</summary>
    public const string BranchAndPrice = "branch and price";

    /// <summary>The bound of CP-SAT on the plain model.</summary>
    public const string CpSat = "cp-sat";
}
