using System.Text.Json;

namespace PackingKit;

/// <summary>Certificates as JSON, to be made in one place and checked in another.</summary>
/// <remarks>
/// <para>One object: <c>format</c> ("packingkit-certificate"), <c>version</c> (1), <c>capacity</c>, <c>patterns</c> (number of
/// bins, then size and copies in turn), <c>lowerBound</c>, <c>boundRule</c>, <c>maxItems</c> (left out where there is no
/// limit) and <c>prices</c> (<c>sizes</c>: pairs of size and price, <c>limit</c>, <c>bins</c>; left out where the rule has
/// none). All numbers are 64-bit integers.</para>
/// <para>Reading checks the form only: what the certificate claims is for <see cref="CertificateChecker"/>.</para>
/// </remarks>
public static class CertificateJson
{
    private const string Format = "packingkit-certificate";
    private const int Version = 1;

    /// <summary>A certificate as one line of JSON, without a line end.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is <see langword="null"/>.</exception>
    public static string Write(PackingCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var patterns = certificate.Patterns
            .Select(pattern => (long[])[pattern.Multiplicity, .. pattern.Items.SelectMany(item => (long[])[item.Size, item.Count])]);
        var (bins, rule, duals) = certificate.Bound;
        var prices = duals is null ? null
            : new PricesDocument([.. duals.Sizes.Zip(duals.Prices, (size, price) => (long[])[size, price])], duals.Limit, duals.Bins);
        var document = new CertificateDocument(
            Format, Version, certificate.Limits.Capacity, [.. patterns], bins, rule, PackingJson.MaxItems(certificate.Limits), prices);
        return JsonSerializer.Serialize(document, PackingJson.Default.CertificateDocument);
    }

    /// <summary>Reads what <see cref="Write"/> writes.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">The text is not such JSON; the message says what is wrong.</exception>
    public static PackingCertificate Read(string json) => PackingJson.Read(json, PackingJson.Default.CertificateDocument, document =>
    {
        PackingJson.Expect(Format, Version, document.Format, document.Version);
        return new PackingCertificate(
            PackingJson.Limits(document.Capacity, document.MaxItems),
            Patterns(document.Patterns),
            new LowerBound(document.LowerBound, document.BoundRule, Prices(document.Prices)));
    });

    private static ValueList<PackingPattern> Patterns(long[]?[] rows)
    {
        var patterns = new PackingPattern[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] is not { } row || row.Length % 2 == 0)
                throw new FormatException($"Entry {i} of patterns must be an odd number of numbers: bins, then size and copies in turn.");
            patterns[i] = new PackingPattern([.. row[1..].Chunk(2).Select(pair => new SizeCount(pair[0], pair[1]))], row[0]);
        }
        return patterns.ToValueList();
    }

    private static DualPrices? Prices(PricesDocument? prices)
    {
        if (prices is null)
            return null;
        for (var i = 0; i < prices.Sizes.Length; i++)
            if (prices.Sizes[i]?.Length != 2)
                throw new FormatException($"Entry {i} of prices must be a size and a price.");
        return new DualPrices(
            [.. prices.Sizes.Select(pair => pair[0])], [.. prices.Sizes.Select(pair => pair[1])], prices.Limit, prices.Bins);
    }
}
