namespace PackingKit;

/// <summary>
/// Packing past one machine, without a shuffle: every shard counts its documents, one place adds the histograms up and plans, and every
/// shard deals its own documents alone. What a shard needs to know of the others is how many documents of each size lie before its own.
/// </summary>
public static class ShardDealing
{
    /// <summary>
    /// Rank offsets: of each shard, the documents of all shards before it, and at the end those of all shards, which is what to plan for.
    /// O(S·D log D) for S shards.
    /// </summary>
    /// <param name="shards">Histogram of each shard, in the order of the shards.</param>
    /// <returns>One more than there are shards; the first is empty.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="shards"/> or one of them is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A total leaves the range of <see cref="long"/>.</exception>
    /// <example><code>
    /// var before = ShardDealing.RankOffsets(histograms);
    /// var plan = new BestFitDecreasing().Plan(before[^1], 2048).Plan;
    /// plan.DealShard(lengthsOfShard3, before[3], packOfDocument); // on the machine that has shard 3
    /// </code></example>
    public static ValueList<SizeHistogram> RankOffsets(IEnumerable<SizeHistogram> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        List<SizeHistogram> before = [SizeHistogram.Empty];
        foreach (var shard in shards)
            before.Add(before[^1] + shard);
        return [.. before];
    }

    /// <summary>A plan as a table that any engine can join with: which ranks of a size go into which bins. O(P).</summary>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is <see langword="null"/>.</exception>
    public static IEnumerable<PlanRun> Runs(this PackingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Walk();

        IEnumerable<PlanRun> Walk()
        {
            var (size, rank) = (-1L, 0L);
            for (var i = 0; i < plan.Placements.Length; i++)
            {
                var step = plan.Placements[i];
                if (step.Size != size)
                    (size, rank) = (step.Size, 0);
                yield return new PlanRun(size, rank, rank + step.ItemCount, step.FirstBin, step.CopiesPerBin);
                rank += step.ItemCount;
            }
        }
    }
}
