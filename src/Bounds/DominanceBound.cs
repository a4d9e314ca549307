namespace PackingKit;

/// <summary>
/// L3: bins that can be fixed without loss, then L2 of what is left; again with the smallest size left out, until nothing is left.
/// </summary>
internal static class DominanceBound
{
    /// <summary>
    /// Steps, some seconds: with the square of 32,768 sizes one pass alone takes more. A bound of fewer passes is a bound as well.
    /// </summary>
    private const long MaxSteps = 1L << 30;

    public static long Compute(SizeHistogram histogram, long capacity)
    {
        // Items of size 0 would fit into a bin that is fixed: they are left out from the start.
        var positive = histogram.Sizes.Length > 0 && histogram.Sizes[^1] == 0 ? histogram.Sizes[..^1] : histogram.Sizes;
        var sizes = positive.ToArray();
        var left = histogram.Counts[..sizes.Length].ToArray();
        long fixedBins = 0, best = 0, steps = MaxSteps;
        for (var end = sizes.Length; end > 0; end--)
        {
            if (left[end - 1] == 0)
                continue;
            steps -= (long)end * end;
            if (steps < 0)
                break;
            fixedBins += DominanceReduction.Reduce(sizes, left, capacity, () => false);
            best = Math.Max(best, fixedBins + MartelloTothBound.Compute(SizeHistogram.Present(sizes, left), capacity));
            left[end - 1] = 0;
        }
        return best;
    }
}
