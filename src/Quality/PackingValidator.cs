namespace PackingKit;

/// <summary>Checks a packing against its problem from the sizes alone, independently of whatever made it.</summary>
public static class PackingValidator
{
    /// <summary>
    /// Every violation of a strategy's result: it must be of this problem, its packing valid, and its bound not above its number of bins.
    /// </summary>
    /// <remarks>O(n + bins).</remarks>
    public static IReadOnlyList<PackingViolation> Validate(PackingProblem problem, PackingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        List<PackingViolation> violations = [.. Validate(problem, result.Packing)];
        if (!ReferenceEquals(result.Problem, problem))
            violations.Add(new PackingViolation.WrongFigure("problem", $"{result.Problem}", $"{problem}"));
        if (result.Bound.Bins > result.BinCount)
            violations.Add(new PackingViolation.WrongFigure("lowerBound", $"{result.Bound.Bins}", $"at most {result.BinCount}"));
        return violations;
    }

    /// <summary>Every violation of a packing, in bin order, missing items last; empty for a valid one. O(n + bins).</summary>
    public static IReadOnlyList<PackingViolation> Validate(PackingProblem problem, Packing packing)
    {
        ArgumentNullException.ThrowIfNull(packing);
        return Validate(problem, packing.BinOffsets, packing.ItemIndices);
    }

    /// <summary>
    /// Every violation of rows that may be anything: items missing, named twice or unknown, bins over their limits or empty. O(n + bins).
    /// </summary>
    /// <param name="problem">The problem that the rows claim to pack.</param>
    /// <param name="binOffsets">Start of each bin in <paramref name="itemIndices"/>, then the length.</param>
    /// <param name="itemIndices">Items by bin.</param>
    /// <exception cref="ArgumentException">The offsets do not start with 0, fall, or do not end with the length of the items.</exception>
    public static IReadOnlyList<PackingViolation> Validate(
        PackingProblem problem, ReadOnlySpan<int> binOffsets, ReadOnlySpan<int> itemIndices)
    {
        ArgumentNullException.ThrowIfNull(problem);
        Packing.CheckOffsets(binOffsets, itemIndices.Length, "item indices");

        const int nowhere = -1;
        var firstBin = new int[problem.ItemCount];
        Array.Fill(firstBin, nowhere);
        List<PackingViolation> violations = [];
        for (var bin = 0; bin + 1 < binOffsets.Length; bin++)
        {
            var items = itemIndices[binOffsets[bin]..binOffsets[bin + 1]];
            Int128 load = 0;
            foreach (var item in items)
            {
                if ((uint)item >= (uint)firstBin.Length)
                {
                    violations.Add(new PackingViolation.UnknownItem(item, bin));
                    continue;
                }
                load += problem[item];
                if (firstBin[item] == nowhere)
                    firstBin[item] = bin;
                else
                    violations.Add(new PackingViolation.DuplicateItem(item, firstBin[item], bin));
            }
            if (items.IsEmpty)
                violations.Add(new PackingViolation.EmptyBin(bin));
            if (load > problem.Capacity)
                violations.Add(new PackingViolation.OverCapacity(bin, load, problem.Capacity));
            if (items.Length > problem.Limits.MaxItems)
                violations.Add(new PackingViolation.TooManyItems(bin, items.Length, problem.Limits.MaxItems));
        }
        for (var item = 0; item < firstBin.Length; item++)
            if (firstBin[item] == nowhere)
                violations.Add(new PackingViolation.MissingItem(item));
        return violations;
    }
}
