using System.Globalization;

namespace PackingKit.Cli;

/// <summary>A study as rows of texts: the same for the terminal and for Markdown; and as CSV for programs.</summary>
internal static class ComparisonRows
{
    public static readonly string[] StrategyColumns =
    [
        "strategy", "bins", "above bound", "fill", "deviation", "1 % below", "median ms", "quartiles", "times", "grows", "proved", "orders",
    ];

    public static readonly string[] WhatIfColumns = ["capacity", "most items", "bins", "bound", "padding"];

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly string[] CsvColumns =
    [
        "file", "capacity", "maxItems", "items", "strategy", "bins", "aboveBound", "fill", "loadDeviation", "loadPercentile1",
        "loadPercentile10", "loadMedian", "medianMs", "lowerQuartileMs", "upperQuartileMs", "runs", "relativeTime", "growthExponent",
        "guarantee", "fewestBins", "mostBins", "orders", "recommended",
    ];

    public static string[] Of(StrategyTrial trial, BinLimits limits) =>
    [
        trial.Strategy.Id, Number(trial.Bins), Number(trial.Gap), Share(trial.Fill),
        Share(trial.Loads.StandardDeviation / limits.Capacity), Share(trial.Loads.Percentile1 / (double)limits.Capacity),
        Significant(trial.Time.Median), $"{Significant(trial.Time.LowerQuartile)}..{Significant(trial.Time.UpperQuartile)}",
        string.Create(Invariant, $"{trial.RelativeTime:F1}x"),
        trial.GrowthExponent is { } exponent ? string.Create(Invariant, $"n^{exponent:F1}") : "",
        limits.HasItemLimit ? "" : trial.Guarantee?.ToString() ?? "",
        trial.Order is { } order ? $"{Number(order.Fewest)}..{Number(order.Most)}" : "",
    ];

    public static string[] Of(WhatIf whatIf, SizeDescription description) =>
    [
        description.InUnits(whatIf.Limits.Capacity), whatIf.Limits.HasItemLimit ? Number(whatIf.Limits.MaxItems) : "any",
        Number(whatIf.Bins), Number(whatIf.Bound.Bins), Share(whatIf.Padding),
    ];

    /// <summary>The limits that are tried: other capacities, then other limits of items.</summary>
    public static IEnumerable<WhatIf> WhatIfs(PackingStudy study) =>
        study.Capacities.Concat(study.ItemLimits.Where(each => each.Limits != study.Description.Limits));

    /// <summary>What was not tried although nothing was asked for, as the end of a sentence.</summary>
    public static string LeftOut(PackingStudy study) => study.LeftOut.Count == 0 ? ""
        : $"; of so many different sizes {string.Join(" and ", study.LeftOut)} are tried only where --strategies names them";

    public static void WriteMarkdown(TextWriter output, string file, PackingStudy study)
    {
        output.WriteLine($"## {file}, capacity {study.Description.InUnits(study.Description.Limits.Capacity)}\n");
        foreach (var finding in study.Recommendation)
            output.WriteLine($"- {finding.Words}");
        Table(StrategyColumns, study.Trials.Select(trial => Of(trial, study.Description.Limits)));
        Table(WhatIfColumns, WhatIfs(study).Select(whatIf => Of(whatIf, study.Description)));
        output.WriteLine();

        void Table(string[] columns, IEnumerable<string[]> rows)
        {
            output.WriteLine($"\n| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => "---|"))}");
            foreach (var row in rows)
                output.WriteLine($"| {string.Join(" | ", row)} |");
        }
    }

    public static void WriteCsv(TextWriter output, string file, PackingStudy study, bool hasHeader)
    {
        if (hasHeader)
            output.WriteLine(string.Join(',', CsvColumns));
        var limits = study.Description.Limits;
        foreach (var trial in study.Trials)
            output.WriteLine(string.Join(',', new object?[]
            {
                $"\"{file.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", limits.Capacity,
                limits.HasItemLimit ? limits.MaxItems : null, study.Description.Sizes.Count, trial.Strategy.Id, trial.Bins, trial.Gap,
                trial.Fill, trial.Loads.StandardDeviation, trial.Loads.Percentile1, trial.Loads.Percentile10, trial.Loads.Median,
                trial.Time.Median, trial.Time.LowerQuartile, trial.Time.UpperQuartile, trial.Time.Runs, trial.RelativeTime,
                trial.GrowthExponent, trial.Guarantee, trial.Order?.Fewest, trial.Order?.Most, trial.Order?.Orders,
                trial.Strategy == study.Recommended.Strategy ? 1 : 0,
            }.Select(value => Convert.ToString(value, Invariant))));
    }

    private static string Number(long value) => value.ToString("N0", Invariant);

    private static string Share(double value) => value.ToString("P1", Invariant);

    private static string Significant(double value) =>
        value >= 100 ? value.ToString("N0", Invariant) : value.ToString(value >= 1 ? "G3" : "F3", Invariant);
}
