namespace PackingKit;

/// <summary>Everything that a plan must satisfy, checked from the placements alone.</summary>
internal static class PlanChecks
{
    public static void Check(SizeHistogram histogram, BinLimits limits, ReadOnlySpan<Placement> steps)
    {
        if (histogram.DistinctCount > 0 && histogram.Sizes[0] > limits.Capacity)
            throw new ArgumentException($"Size {histogram.Sizes[0]} is above the capacity {limits.Capacity}.", nameof(histogram));
        CheckCounts(histogram, steps);
        CheckBins(limits, steps);
    }

    private static void CheckCounts(SizeHistogram histogram, ReadOnlySpan<Placement> placements)
    {
        var index = 0;
        var left = histogram.DistinctCount > 0 ? histogram.Counts[0] : 0;
        for (var i = 0; i < placements.Length; i++)
        {
            var step = placements[i];
            if (step.FirstBin < 0 || step.BinCount < 1 || step.CopiesPerBin < 1 || step.FirstBin > long.MaxValue - step.BinCount)
                throw new ArgumentException($"Placement {i} is malformed: {step}.", nameof(placements));
            if (left == 0 && ++index < histogram.DistinctCount)
                left = histogram.Counts[index];
            if (index >= histogram.DistinctCount || step.Size != histogram.Sizes[index])
            {
                var due = index < histogram.DistinctCount
                    ? $"{left} items of size {histogram.Sizes[index]} are due" : "every item has its place";
                throw new ArgumentException($"Placement {i} is of size {step.Size} where {due}.", nameof(placements));
            }
            if (Int128.CreateChecked(step.BinCount) * step.CopiesPerBin > left)
                throw new ArgumentException(
                    $"Placement {i} has more items of size {step.Size} than the {left} that are left.", nameof(placements));
            left -= step.ItemCount;
        }
        if (left > 0)
            throw new ArgumentException($"{left} items of size {histogram.Sizes[index]} have no place.", nameof(placements));
        if (index + 1 < histogram.DistinctCount)
            throw new ArgumentException(
                $"{histogram.Counts[index + 1]} items of size {histogram.Sizes[index + 1]} have no place.", nameof(placements));
    }

    private static void CheckBins(BinLimits limits, ReadOnlySpan<Placement> placements)
    {
        var edges = new (long Bin, Int128 Load, Int128 Items, long Open)[2 * placements.Length];
        for (var i = 0; i < placements.Length; i++)
        {
            var step = placements[i];
            var load = Int128.CreateChecked(step.Size) * step.CopiesPerBin;
            edges[2 * i] = (step.FirstBin, load, step.CopiesPerBin, 1);
            edges[(2 * i) + 1] = (step.FirstBin + step.BinCount, -load, -(Int128)step.CopiesPerBin, -1);
        }
        Array.Sort(edges, (a, b) => a.Bin.CompareTo(b.Bin));
        (Int128 Load, Int128 Items, long Open) now = default;
        long bin = 0;
        foreach (var edge in edges)
        {
            if (edge.Bin > bin)
            {
                if (now.Open == 0)
                    throw new ArgumentException($"Bin {bin} is empty.", nameof(placements));
                if (now.Load > limits.Capacity)
                    throw new ArgumentException($"Bin {bin} holds {now.Load}, above the capacity {limits.Capacity}.", nameof(placements));
                if (now.Items > limits.MaxItems)
                    throw new ArgumentException(
                        $"Bin {bin} holds {now.Items} items, above the limit {limits.MaxItems}.", nameof(placements));
                bin = edge.Bin;
            }
            now = (now.Load + edge.Load, now.Items + edge.Items, now.Open + edge.Open);
        }
    }
}
