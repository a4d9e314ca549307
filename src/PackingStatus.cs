namespace PackingKit;

/// <summary>What is known of a packing.</summary>
public enum PackingStatus
{
    /// <summary>Every item is packed and every bin within its limits; a packing with fewer bins may exist.</summary>
    Feasible,

    /// <summary>No packing with fewer bins exists: the number of bins equals a lower bound, whoever found either.</summary>
    Optimal,
}
