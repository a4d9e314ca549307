using System.Globalization;

namespace PackingKit.Cli;

/// <summary>Some bins of the recommended packing as pictures.</summary>
internal static class BinsSection
{
    /// <summary>Kinds of items that are told of a bin; the others are counted.</summary>
    private const int MostTold = 12;

    /// <summary>Items below this share of the bin that are of one size are drawn as one: their borders would be all to be seen.</summary>
    private const decimal MinDrawn = 0.01m;

    public static Html Of(Comparison comparison)
    {
        var (study, capacity) = (comparison.Study, comparison.Study.Description.Limits.Capacity);
        return Html.Of($"""
            <section>
            <h2>Bins</h2>
            <p>Bins as {study.Recommended.Strategy.Id} packs them. The room that is left is hatched.</p>
            {Html.Join(comparison.Bins.GroupBy(bin => bin.Place).Select(place => Html.Of($"""
                <h3>{NameOf(place.Key)}</h3>
                {Html.Join(place.Select(bin => BinPicture.Of(
                    $"{Fill(bin.Pattern)} filled: {Items(bin.Pattern)}", Parts(bin.Pattern), capacity)))}

                """)))}
            {Page.Table("Bins that are shown", ["place", "bins like it", "load", "fill", "items"], comparison.Bins.Select(Row), "words")}
            </section>
            """);

        string[] Row(SampleBin bin) =>
        [
            NameOf(bin.Place), bin.Pattern.Multiplicity.ToString("N0", CultureInfo.InvariantCulture),
            study.Description.InUnits(bin.Pattern.Load), Fill(bin.Pattern), Items(bin.Pattern),
        ];

        string Fill(PackingPattern pattern) => (pattern.Load / (double)capacity).ToString("P1", CultureInfo.InvariantCulture);

        string Items(PackingPattern pattern) =>
            string.Join(" + ", pattern.Items.Take(MostTold).Select(Told))
            + (pattern.Items.Count > MostTold ? $" and {pattern.Items.Skip(MostTold).Sum(item => item.Count)} smaller" : "");

        string Told(SizeCount item) =>
            item.Count == 1 ? study.Description.InUnits(item.Size) : $"{item.Count} × {study.Description.InUnits(item.Size)}";

        IEnumerable<(string, decimal)> Parts(PackingPattern pattern) => pattern.Items.SelectMany(item =>
            item.Size / (decimal)capacity < MinDrawn ? [(Told(item), (decimal)item.Size * item.Count)]
                : Enumerable.Repeat((study.Description.InUnits(item.Size), (decimal)item.Size), (int)item.Count));
    }

    private static string NameOf(SamplePlace place) => place switch
    {
        SamplePlace.Fullest => "fullest",
        SamplePlace.Middle => "in the middle",
        _ => "emptiest",
    };
}
