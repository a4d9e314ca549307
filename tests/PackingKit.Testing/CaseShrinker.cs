namespace PackingKit.Testing;

/// <summary>
/// Smaller cases that are still valid, boldest first: drop the limit, drop chunks of items, halve everything together, shrink single
/// sizes and the capacity, then take one off equal sizes and the capacity. Steps on sizes and capacity together keep what fits with
/// what, which no step on one number does.
/// </summary>
public static class CaseShrinker
{
    public static IEnumerable<PackingCase> Shrink(PackingCase of)
    {
        if (of.Limits.HasItemLimit)
            yield return of with { Limits = of.Capacity };
        for (var chunk = of.Sizes.Length; chunk > 0; chunk /= 2)
            for (var start = 0; start + chunk <= of.Sizes.Length; start += chunk)
                yield return of with { Sizes = [.. of.Sizes[..start], .. of.Sizes[(start + chunk)..]] };
        if (of.Capacity > 1)
            yield return new(Array.ConvertAll(of.Sizes, size => size / 2), new(of.Capacity / 2, of.Limits.MaxItems));

        for (var item = 0; item < of.Sizes.Length; item++)
            foreach (var size in Below(of.Sizes[item], 0))
                yield return of with { Sizes = [.. of.Sizes[..item], size, .. of.Sizes[(item + 1)..]] };
        foreach (var capacity in Below(of.Capacity, Math.Max(1, of.Sizes.DefaultIfEmpty().Max())))
            yield return of with { Limits = new(capacity, of.Limits.MaxItems) };
        foreach (var value in of.Sizes.Distinct())
            if (value > 0 && of.Capacity > 1 && of.Sizes.All(size => size == value || size < of.Capacity))
            {
                var sizes = Array.ConvertAll(of.Sizes, size => size == value ? size - 1 : size);
                yield return new(sizes, new(of.Capacity - 1, of.Limits.MaxItems));
            }
    }

    /// <summary>The least value, then half the way there, then one less.</summary>
    private static IEnumerable<long> Below(long value, long least)
    {
        if (value > least)
            yield return least;
        if (value - least > 2)
            yield return least + ((value - least) / 2);
        if (value - least > 1)
            yield return value - 1;
    }
}
