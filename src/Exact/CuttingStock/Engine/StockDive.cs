namespace PackingKit;

/// <summary>
/// Diving with re-pricing over several kinds of bin: takes the integer parts of the relaxation's solution (or its fullest column) as bins,
/// prices the items and bins that are left, and so on until all are packed.
/// </summary>
internal sealed class StockDive(StockProblem problem, StockRelaxation relaxation, StockHeuristics heuristics)
{
    /// <summary>One dive.</summary>
    /// <param name="budget">What the plan is to cost at most.</param>
    /// <param name="mix">The bins of each class that there are; <see langword="null"/> for all of the supplies.</param>
    /// <param name="random">Varies the columns taken; <see langword="null"/> for the plain dive.</param>
    /// <returns>A plan, or <see langword="null"/> where the bins ran out.</returns>
    public StockPlan? Dive(BigInteger budget, long[]? mix, Random? random)
    {
        var left = (long[])problem.Counts.Clone();
        var used = problem.Classes.Select((bins, at) => mix is null ? 0 : bins.Supply - mix[at]).ToArray();
        var taken = new long[used.Length];
        List<(int Class, Pattern Pattern, long Bins)> entries = [];
        while (Array.Exists(left, count => count > 0) && relaxation.Run(left, used, budget - problem.CostOf(taken)))
        {
            var before = entries.Count;
            foreach (var (at, pattern, value) in relaxation.Taken(1 - SearchTuning.Tolerance).ToList())
                Place(at, pattern, (long)(value + SearchTuning.Tolerance));
            if (entries.Count > before)
                continue;
            var fullest = relaxation.Taken(SearchTuning.Tolerance)
                .DefaultIfEmpty().MaxBy(column => column.Value * SearchTuning.Noise(SearchTuning.ColumnDiveNoise, random));
            if (fullest.Pattern is not null)
                Place(fullest.Class, fullest.Pattern, 1);
            if (entries.Count == before)
                break;
        }
        return heuristics.Complete(entries, left, used);

        void Place(int at, Pattern pattern, long times)
        {
            times = Math.Min(times, problem.Classes[at].Supply - used[at]);
            while (times > 0 && Filled(at, pattern, left) is { Types.Length: > 0 } content)
            {
                var alike = times;
                for (var i = 0; i < content.Types.Length; i++)
                    alike = Math.Min(alike, left[content.Types[i]] / content.Copies[i]);
                for (var i = 0; i < content.Types.Length; i++)
                    left[content.Types[i]] -= alike * content.Copies[i];
                entries.Add((at, content, alike));
                used[at] += alike;
                taken[at] += alike;
                times -= alike;
            }
        }
    }

    /// <summary>A pattern as far as its items are left, filled up with the largest of the others that fit.</summary>
    private Pattern Filled(int at, Pattern pattern, long[] left)
    {
        if (pattern.IsWithin(left))
            return pattern;
        var bins = problem.Classes[at];
        var content = new SortedDictionary<int, long>();
        var (residual, places) = (bins.Capacity, problem.MaxItems);
        for (var i = 0; i < pattern.Types.Length; i++)
            Take(pattern.Types[i], pattern.Copies[i]);
        for (var type = 0; type < left.Length; type++)
            Take(type, left[type]);
        return new Pattern([.. content.Keys], [.. content.Values]);

        void Take(int type, long most)
        {
            var size = problem.Demands.Sizes[type];
            var copies = Math.Min(Math.Min(most, places), Math.Min(left[type] - content.GetValueOrDefault(type), residual / size));
            if (copies <= 0)
                return;
            content[type] = content.GetValueOrDefault(type) + copies;
            residual -= copies * size;
            places -= copies;
        }
    }
}
