namespace PackingKit.Cli;

/// <summary>The list to cut or to load by as a page to print, with a picture of each bin and a box to tick before each line.</summary>
internal static class ItemsPage
{
    public static void Write(TextWriter output, PackedItems packed) => output.Write(Page.Of(
        $"{packed.Input.File}: which item is in which bin",
        Html.Of($"""
            <h1><bdi>{packed.Input.File}</bdi></h1>
            <p class="verdict">{packed.Verdict}</p>
            {Html.Join(packed.Bins.Select(bins => Bin(packed, bins)))}
            """)));

    private static Html Bin(PackedItems packed, EqualBins bins)
    {
        var (title, left) = (packed.TitleOf(bins), packed.Describe(bins));
        var parts = bins.Pieces.SelectMany(piece => Enumerable.Repeat((piece.Row.Name, piece.Row.Size), piece.Count));
        return Html.Of($"""
            <section class="load">
            <h2>{title} <span>{left}</span></h2>
            {BinPicture.Of($"{title}: {left}", parts, bins.Bin.Capacity)}
            <ul>{Html.Join(bins.Pieces.Select(piece => Html.Of(
                $"<li>{piece.Count} × {packed.Measure(piece.Row.Size)} <bdi>{piece.Row.Name}</bdi></li>")))}</ul>
            </section>

            """);
    }
}
