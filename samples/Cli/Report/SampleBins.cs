namespace PackingKit.Cli;

/// <summary>Where among all bins, from the fullest on, one was taken.</summary>
internal enum SamplePlace
{
    Fullest,
    Middle,
    Emptiest,
}

/// <summary>A bin to be shown, for all that hold the same.</summary>
internal sealed record SampleBin(SamplePlace Place, PackingPattern Pattern);

/// <summary>A few bins of a packing: the fullest, some in the middle and the emptiest, of each kind one.</summary>
internal static class SampleBins
{
    private const int OfEachPlace = 3;

    public static SampleBin[] Of(IEnumerable<PackingPattern> patterns)
    {
        PackingPattern[] kinds =
        [
            .. patterns.GroupBy(pattern => pattern.Items, (items, same) => new PackingPattern(items, same.Sum(each => each.Multiplicity)))
                .OrderByDescending(pattern => pattern.Load),
        ];
        if (kinds.Length <= 3 * OfEachPlace)
            return [.. kinds.Select((pattern, index) => new SampleBin((SamplePlace)(3 * index / kinds.Length), pattern))];
        var middle = Math.Clamp(Median(kinds) - (OfEachPlace / 2), OfEachPlace, kinds.Length - (2 * OfEachPlace));
        return
        [
            .. kinds[..OfEachPlace].Select(pattern => new SampleBin(SamplePlace.Fullest, pattern)),
            .. kinds[middle..(middle + OfEachPlace)].Select(pattern => new SampleBin(SamplePlace.Middle, pattern)),
            .. kinds[^OfEachPlace..].Select(pattern => new SampleBin(SamplePlace.Emptiest, pattern)),
        ];
    }

    /// <summary>The kind that the bin in the middle of all is of.</summary>
    private static int Median(PackingPattern[] kinds)
    {
        var half = kinds.Sum(pattern => pattern.Multiplicity) / 2;
        var index = 0;
        for (var before = kinds[0].Multiplicity; before <= half; before += kinds[index].Multiplicity)
            index++;
        return index;
    }
}
