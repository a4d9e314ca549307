namespace PackingKit;

/// <summary>
/// Checks a result from sizes and rules alone, by what each rule says and not by what strategies are made of: loads are added up item by
/// item, groups looked at one by one. The bound is computed anew.
/// </summary>
public static class ConstrainedChecker
{
    /// <summary>
    /// What holds of a result. A bound that a search proved is not checked: <see cref="CertificateStatus.BoundNotCertified"/>, and so is
    /// the claim that there is no packing, unless the bound alone proves it. O(items · resources + rules), and the bounds.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="result"/> is <see langword="null"/>.</exception>
    public static CertificateVerdict Check(ConstrainedResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var problem = result.Problem;
        var bound = ConstrainedBounds.Best(problem);
        if (!result.HasPacking)
            return result.Status == ConstrainedStatus.Unknown
                ? new(CertificateStatus.BoundNotCertified, null, bound.Bins, "There is no packing to check.")
                : bound.Bins > problem.MaxBins
                    ? new(CertificateStatus.Verified, null, bound.Bins, $"{bound} bins are more than have their least load.")
                    : new(CertificateStatus.BoundNotCertified, null, bound.Bins, "That there is no packing is not proved by the bound.");
        if (Fault(result) is { } fault)
            return new(CertificateStatus.Refused, null, 0, fault);
        if (result.Bound.Bins > result.BinCount)
            return new(CertificateStatus.Refused, null, 0, $"The bound {result.Bound.Bins} is above the {result.BinCount} bins.");
        return result.Bound.Bins <= bound.Bins
            ? new(CertificateStatus.Verified, result.BinCount, bound.Bins, $"The packing holds, and {bound} bins are needed.")
            : new(CertificateStatus.BoundNotCertified, result.BinCount, bound.Bins, "The packing holds; a search is behind the bound.");
    }

    /// <summary>The first rule that a packing breaks; <see langword="null"/> where it keeps all.</summary>
    internal static string? Fault(ConstrainedResult result)
    {
        var (problem, rules) = (result.Problem, result.Problem.Rules);
        for (var bin = 0; bin < result.BinCount; bin++)
        {
            var items = result.ItemsOf(bin);
            for (var resource = 0; resource < problem.ResourceCount; resource++)
            {
                Int128 load = 0;
                foreach (var item in items)
                    load += problem.SizesOf(item)[resource];
                if (load > problem.Capacities[resource])
                    return $"Bin {bin} holds {load} of resource {resource}, above the capacity {problem.Capacities[resource]}.";
                if (rules.MinLoads.Count > 0 && load < rules.MinLoads[resource])
                    return $"Bin {bin} holds {load} of resource {resource}, below the least load {rules.MinLoads[resource]}.";
            }
            if (items.Length > rules.MaxItems)
                return $"Bin {bin} holds {items.Length} items, above {rules.MaxItems}.";
            if (rules.MaxClasses is { } most)
            {
                HashSet<int> classes = [];
                foreach (var item in items)
                    if (rules.Classes[item] != PackingRules.None)
                        classes.Add(rules.Classes[item]);
                if (classes.Count > most)
                    return $"Bin {bin} holds {classes.Count} classes, above {most}.";
            }
        }
        var leftOut = problem.LeftOut.ToHashSet();
        for (var item = 0; item < problem.ItemCount; item++)
            if (leftOut.Contains(item) != (result.BinOfItem[item] == ConstrainedResult.NoBin))
                return $"Item {item} is in bin {result.BinOfItem[item]}.";
        foreach (var (first, second) in rules.Conflicts)
            if (result.BinOfItem[first] == result.BinOfItem[second] && !leftOut.Contains(first))
                return $"Items {first} and {second} are in conflict and share bin {result.BinOfItem[first]}.";
        // The parts of a group that was split are fixed in the problem; any other group is one.
        var firstOfGroup = new Dictionary<int, int>();
        for (var item = 0; item < rules.Groups.Count; item++)
        {
            if (rules.Groups[item] == PackingRules.None || leftOut.Contains(item))
                continue;
            var group = rules.SplitLargeGroups ? problem.Units.UnitOfItem[item] : rules.Groups[item];
            if (!firstOfGroup.TryAdd(group, item) && result.BinOfItem[firstOfGroup[group]] is var bin && bin != result.BinOfItem[item])
                return $"Items {firstOfGroup[group]} and {item} belong together and are in bins {bin} and {result.BinOfItem[item]}.";
        }
        return null;
    }
}
