namespace PackingKit.Cli;

/// <summary>A comparison as one page to show to others: the verdict, how it came about, and what else could be won.</summary>
internal static class ReportPage
{
    /// <param name="comparison">What is told.</param>
    /// <param name="arguments">Of the command that made it.</param>
    public static string Of(Comparison comparison, IEnumerable<string> arguments)
    {
        var (file, findings) = (comparison.Input.File, comparison.Study.Recommendation);
        return Page.Of($"{file}: which strategy to take", Html.Of($"""
            <h1><bdi>{file}</bdi></h1>
            <p class="verdict">{findings[0].Words}</p>
            <ul class="findings">{Html.Join(findings.Skip(1).Select(finding => Html.Of($"<li>{finding.Words}</li>")))}</ul>
            {Page.Table("How this page came about", ["fact", "value"], ReportFacts.Of(comparison, arguments), "facts")}
            {LengthsSection.Of(comparison)}
            {StrategiesSection.Of(comparison.Study)}
            {FillSection.Of(comparison.Study)}
            {BinsSection.Of(comparison)}
            {WhatIfSection.Of(comparison.Study)}
            {SearchSection.Of(comparison.Study)}
            {CertificateSection.Of(comparison)}
            """));
    }
}
