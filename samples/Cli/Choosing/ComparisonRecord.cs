namespace PackingKit.Cli;

/// <summary>What <c>compare --json</c> prints for a file.</summary>
internal sealed record ComparisonRecord(
    DescriptionRecord Description, string Sha256, LengthBucket[] Lengths, bool ByItems, BoundOf Bound, TrialRecord[] Strategies,
    string[] LeftOut, WhatIfRecord[] Capacities, WhatIfRecord[] ItemLimits, SampleRecord[] Bins, VerdictRecord Certificate,
    string Recommended, Finding[] Recommendation)
{
    public static ComparisonRecord Of(Comparison comparison)
    {
        var (file, study, verdict) = (comparison.Input.File, comparison.Study, comparison.Verdict);
        return new(
            DescriptionRecord.Of(file, study.Description), comparison.Input.Sha256, comparison.Lengths, study.ByItems,
            BoundOf.Of(study.Bound), [.. study.Trials.Select(TrialRecord.Of)], [.. study.LeftOut],
            [.. study.Capacities.Select(WhatIfRecord.Of)], [.. study.ItemLimits.Select(WhatIfRecord.Of)],
            [.. comparison.Bins.Select(SampleRecord.Of)], VerdictRecord.Of(file, verdict), study.Recommended.Strategy.Id,
            [.. study.Recommendation]);
    }
}

/// <summary>A bin of the recommended packing: where among all, how many hold the same, and sizes with their copies.</summary>
internal sealed record SampleRecord(string Place, long BinsLikeIt, long Load, SizeCount[] Items)
{
    public static SampleRecord Of(SampleBin bin) =>
        new($"{bin.Place}".ToLowerInvariant(), bin.Pattern.Multiplicity, bin.Pattern.Load, [.. bin.Pattern.Items]);
}

/// <summary>What a strategy did; times in milliseconds, loads in units.</summary>
internal sealed record TrialRecord(
    string Strategy, string Words, long Bins, long AboveBound, BoundOf Bound, string Stopped, double Fill, DistributionRecord Loads,
    double MedianMs, double LowerQuartileMs, double UpperQuartileMs, int Runs, double RelativeTime, double? GrowthExponent,
    GrowthPoint[] Growth, string? Guarantee, OrderDependence? Order, ProgressRecord[]? Progress)
{
    public static TrialRecord Of(StrategyTrial trial) => new(
        trial.Strategy.Id, trial.Strategy.Words, trial.Bins, trial.Gap, BoundOf.Of(trial.Bound), $"{trial.StopReason}", trial.Fill,
        DistributionRecord.Of(trial.Loads), trial.Time.Median, trial.Time.LowerQuartile, trial.Time.UpperQuartile, trial.Time.Runs,
        trial.RelativeTime, trial.GrowthExponent, [.. trial.Growth], trial.Guarantee?.ToString(), trial.Order,
        trial.Progress.Count == 0 ? null : [.. trial.Progress.Select(ProgressRecord.Of)]);
}

/// <summary>An incumbent of a search.</summary>
internal sealed record ProgressRecord(double Ms, long Bins, long LowerBound, string Phase)
{
    public static ProgressRecord Of(PackingProgress progress) =>
        new(progress.Elapsed.TotalMilliseconds, progress.Bins, progress.LowerBound, progress.Phase);
}

/// <summary>The items under other limits.</summary>
internal sealed record WhatIfRecord(long Capacity, long? MaxItems, long Bins, BoundOf Bound, double Padding)
{
    public static WhatIfRecord Of(WhatIf whatIf) => new(
        whatIf.Limits.Capacity, whatIf.Limits.HasItemLimit ? whatIf.Limits.MaxItems : null, whatIf.Bins, BoundOf.Of(whatIf.Bound),
        whatIf.Padding);
}
