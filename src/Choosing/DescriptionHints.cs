using System.Globalization;

namespace PackingKit;

/// <summary>The fixed rules by which a description remarks on something.</summary>
internal static class DescriptionHints
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>From this share on, one size is more than chance.</summary>
    private const double FrequentShare = 0.05;

    /// <summary>Of fewer items any size may be the most frequent.</summary>
    private const int FewestOfFrequent = 10;

    /// <summary>From this share on, the large items or the small ones decide how many bins there are.</summary>
    private const double DecisiveShare = 0.5;

    public static ValueList<Finding> Of(SizeDescription description)
    {
        var items = description.Sizes.Count;
        if (items <= 1 || description.Sizes.Max == 0)
            return []; // there is nothing to choose
        List<Finding> hints = [];
        var (size, count) = description.MostFrequent;
        var (largest, smallest, divisor) = (description.Sizes.Max, description.Sizes.Min, description.GreatestCommonDivisor);
        if (size == largest && largest > smallest && count >= Math.Max(FewestOfFrequent, FrequentShare * items)
            && description.Histogram.Pairs().All(pair => pair.Size == size || pair.Count < count))
            hints.Add(new("cut", Share(count), string.Create(Invariant,
                $"The largest size, {description.InUnits(size)}, is also the most frequent: {Share(count):P1} of the items. "
                + $"Were longer ones cut to it?")));
        if (divisor > 1 && largest > smallest && description.Limits.Capacity % divisor != 0)
            hints.Add(new("divisor", divisor, string.Create(Invariant,
                $"Every size is a multiple of {description.InUnits(divisor)}: "
                + $"of the capacity only {description.InUnits(description.Limits.Capacity / divisor * divisor)} can be filled.")));
        if (description.AboveHalf >= DecisiveShare * items)
            hints.Add(new("large", Share(description.AboveHalf), string.Create(Invariant,
                $"{Share(description.AboveHalf):P1} of the items are above half the capacity and need a bin each: "
                + $"no strategy can do much about the number of bins; a larger capacity can.")));
        else if (description.Sizes.Percentile99 <= description.Limits.Capacity / 10)
            hints.Add(new("small", description.Sizes.Percentile99, string.Create(Invariant,
                $"99 of 100 items are at most a tenth of the capacity ({description.InUnits(description.Sizes.Percentile99)}): "
                + $"any strategy that decreases or fits best comes close to the bound.")));
        else if ((Int128)description.Sizes.LowerQuartile * 4 > description.Limits.Capacity
            && description.AboveHalf < DecisiveShare / 2 * items)
            hints.Add(new("threes", description.Sizes.LowerQuartile, string.Create(Invariant,
                $"Most items are between a quarter and a half of the capacity, so that bins hold two or three: "
                + $"here heuristics lose most, and an exact strategy pays.")));
        if (description.Limits.HasItemLimit && description.Bounds[0].Bins > Integers.CeilingDivide(
            description.Histogram.TotalSize, description.Limits.Capacity))
            hints.Add(new("item-limit", description.Limits.MaxItems, string.Create(Invariant,
                $"The limit of {description.Limits.MaxItems} items, not the capacity, decides how many bins are needed.")));
        return [.. hints];

        double Share(long part) => part / (double)items;
    }
}
