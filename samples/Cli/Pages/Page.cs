namespace PackingKit.Cli;

/// <summary>
/// A page that stands alone: no script, nothing from a network, light or dark as the reader's system is, and fit to print.
/// </summary>
internal static class Page
{
    private static readonly string Style = ReadStyle();

    /// <param name="title">In the tab of a browser.</param>
    /// <param name="content">What stands on the page.</param>
    public static string Of(string title, Html content) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>{title}</title>
        <style>

        """).ToString() + Style + Html.Of($"""
        </style>
        </head>
        <body>
        <main>
        {content}
        </main>
        </body>
        </html>

        """);

    /// <summary>A chart with what stands in it as a table beneath.</summary>
    public static Html Figure(Plot plot, Html table) => Html.Of($"""
        <figure>
        {plot.ToHtml()}{table}</figure>

        """);

    /// <summary>What is long and seldom asked for: it unfolds without a script, and is printed unfolded.</summary>
    public static Html Folded(string summary, Html content) => Html.Of($"""
        <details><summary>{summary}</summary>
        {content}</details>

        """);

    /// <summary>A table; the first column names its rows, the others are figures.</summary>
    /// <param name="caption">What it is of.</param>
    /// <param name="columns">Their names.</param>
    /// <param name="rows">As many cells each.</param>
    /// <param name="kind">"facts" where all cells are words, "words" where the last column is.</param>
    public static Html Table(
        string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, string kind = "") => Html.Of($"""
        <div class="table {kind}"><table><caption>{caption}</caption>
        <thead><tr>{Html.Join(columns.Select(column => Html.Of($"""<th scope="col">{column}</th>""")))}</tr></thead>
        <tbody>
        {Html.Join(rows.Select(row => Html.Of($"""
            <tr><th scope="row">{row[0]}</th>{Html.Join(row.Skip(1).Select(cell => Html.Of($"<td>{cell}</td>")))}</tr>

            """)))}</tbody>
        </table></div>

        """);

    private static string ReadStyle()
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream("page.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
