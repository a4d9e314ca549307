namespace PackingKit.Cli;

/// <summary>All that <c>compare</c> tells of a file, in whatever form: the study, and what is shown of sizes and bins.</summary>
/// <param name="Input">The file.</param>
/// <param name="Study">What was found.</param>
/// <param name="Lengths">The sizes in stretches.</param>
/// <param name="Bins">Some bins of the packing that is recommended.</param>
/// <param name="Certificate">That packing and the bound, to be checked by others.</param>
/// <param name="Verdict">What the checker says of it.</param>
internal sealed record Comparison(
    CountedInput Input, PackingStudy Study, LengthBucket[] Lengths, SampleBin[] Bins, PackingCertificate Certificate,
    CertificateVerdict Verdict)
{
    public static Comparison Of(CountedInput input, PackingStudy study)
    {
        var patterns = study.Recommended.Plan?.Patterns ?? PatternsOf(input.ToProblem(), study.Recommended.Strategy);
        var certificate = new PackingCertificate(input.Limits, patterns, study.Bound);
        return new(
            input, study, LengthBuckets.Of(study.Description), SampleBins.Of(patterns), certificate,
            CertificateChecker.Check(input.Histogram, input.Limits, certificate));
    }

    /// <summary>What a strategy that takes items as they come puts into its bins; the study has not kept it.</summary>
    private static ValueList<PackingPattern> PatternsOf(PackingProblem problem, StrategyInfo strategy) =>
    [
        .. strategy.Create(SearchOptions.Default).Pack(problem).Packing.Bins.Select(bin => new PackingPattern(
            [.. bin.GroupBy(item => problem[item], (size, items) => new SizeCount(size, items.Count()))
                .OrderByDescending(item => item.Size)])),
    ];
}
