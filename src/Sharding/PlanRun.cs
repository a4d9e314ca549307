namespace PackingKit;

/// <summary>
/// One row of a plan as a table: items of a size, by their rank among all items of that size in input order, and the bins they go into.
/// </summary>
/// <param name="Size">Size of the items.</param>
/// <param name="FirstRank">Rank of the first of them, from 0.</param>
/// <param name="EndRank">One more than the rank of the last.</param>
/// <param name="FirstBin">The bin of the first.</param>
/// <param name="CopiesPerBin">How many of them go into one bin before the next one begins.</param>
public readonly record struct PlanRun(long Size, long FirstRank, long EndRank, long FirstBin, long CopiesPerBin)
{
    /// <summary>The bin of the item with a rank, from <see cref="FirstRank"/> to <see cref="EndRank"/> - 1.</summary>
    public long BinOf(long rank) => FirstBin + ((rank - FirstRank) / CopiesPerBin);
}
