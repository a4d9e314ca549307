namespace PackingKit.Cli;

/// <summary>What the checker, which knows nothing of strategies, says of the packing and the bound.</summary>
internal static class CertificateSection
{
    /// <summary>A longer certificate would be most of the page; the command writes it.</summary>
    private const int MostLetters = 20_000;

    public static Html Of(Comparison comparison)
    {
        var (verdict, line) = (comparison.Verdict, CertificateJson.Write(comparison.Certificate));
        return Html.Of($"""
            <section>
            <h2>Certificate</h2>
            <p>{Words(verdict)} {verdict.Reason}</p>
            {(line.Length > MostLetters
                ? Html.Of($"<p>The certificate has {line.Length:N0} letters: <code>packingkit certify write</code> writes one.</p>")
                : Page.Folded("The certificate, for packingkit certify check", Html.Of($"<pre>{line}</pre>")))}
            </section>
            """);
    }

    private static string Words(CertificateVerdict verdict) => verdict.Status switch
    {
        CertificateStatus.Verified => verdict.IsOptimal ? "Checked from the sizes alone: packing and bound hold, and they are equal."
            : "Checked from the sizes alone: packing and bound hold.",
        CertificateStatus.BoundNotCertified => "Checked from the sizes alone: the packing holds, and the bound rests on a search.",
        _ => "The checker refuses this.",
    };
}
