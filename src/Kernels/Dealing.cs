namespace PackingKit.Kernels;

/// <summary>Hands items, in input order, into the places of their size.</summary>
internal static class Dealing
{
    public static Packing Deal(PackingProblem problem, PackingPlan plan)
    {
        if (plan.BinCount >= Array.MaxLength)
            throw new ArgumentException($"{plan.BinCount} bins are more than an array can hold.", nameof(plan));
        var order = new int[problem.ItemCount];
        if (problem.TryGetInt32Sizes(out var sizes))
            DecreasingOrder.Fill(sizes, order);
        else
            DecreasingOrder.Fill(problem.GetInt64Sizes(), order);

        // Items in decreasing size, then input order, meet the placements in the same order: one walk deals them all.
        var binOfItem = new int[order.Length];
        var offsets = new int[plan.BinCount + 1];
        var next = 0;
        foreach (ref readonly var step in plan.Placements)
        {
            var bin = (int)step.FirstBin;
            for (var end = bin + (int)step.BinCount; bin < end; bin++)
            {
                offsets[bin + 1] += (int)step.CopiesPerBin;
                for (var copy = 0; copy < step.CopiesPerBin; copy++)
                    binOfItem[order[next++]] = bin;
            }
        }
        for (var bin = 0; bin < plan.BinCount; bin++)
            offsets[bin + 1] += offsets[bin];

        var items = new int[order.Length];
        var fill = offsets.AsSpan(0, (int)plan.BinCount).ToArray();
        foreach (var item in order)
            items[fill[binOfItem[item]]++] = item;
        return Packing.Trusted(offsets, items, binOfItem);
    }
}
