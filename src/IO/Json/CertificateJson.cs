using System.Text.Json;

namespace PackingKit;

/// <summary>Certificates as JSON, to be made in one place and checked in another.</summary>
/// <remarks>
/// <para>One object: <c>format</c> ("packingkit-certificate"), <c>version</c> (2 with a tree, 3 with <c>forced</c> or <c>fill</c> in it,
/// else 1), <c>capacity</c>,
/// <c>patterns</c> (number of bins, then size and copies in turn), <c>lowerBound</c>, <c>boundRule</c>, <c>maxItems</c> (left out where
/// there is no limit), <c>prices</c> (<c>sizes</c>: pairs of size and price, <c>limit</c>, <c>bins</c>; left out where the rule has none)
/// and <c>refutation</c> (left out where there is no tree): <c>bins</c>, <c>capacity</c>, <c>sizes</c> (pairs of size and weight),
/// <c>fixed</c> (one or two types, then the number of bins) and <c>nodes</c>, each with two types
/// (<c>pair</c>, <c>forced</c> or <c>fill</c>) or with <c>prices</c>, as
/// in <see cref="Refutation"/>. All numbers are integers of 64 bits, those of types of 32.</para>
/// <para>Reading checks the form only: what the certificate claims is for <see cref="CertificateChecker"/>.</para>
/// </remarks>
public static class CertificateJson
{
    private const string Format = "packingkit-certificate";
    private const int Version = 3;

    /// <summary>A certificate as one line of JSON, without a line end.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is <see langword="null"/>.</exception>
    public static string Write(PackingCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var patterns = certificate.Patterns
            .Select(pattern => (long[])[pattern.Multiplicity, .. pattern.Items.SelectMany(item => (long[])[item.Size, item.Count])]);
        var (bins, rule, duals, refutation) = certificate.Bound;
        var prices = duals is null ? null
            : new PricesDocument([.. duals.Sizes.Zip(duals.Prices, (size, price) => (long[])[size, price])], duals.Limit, duals.Bins);
        var document = new CertificateDocument(
            Format, VersionOf(refutation), certificate.Limits.Capacity, [.. patterns], bins, rule,
            PackingJson.MaxItems(certificate.Limits), prices, Document(refutation));
        return JsonSerializer.Serialize(document, PackingJson.Default.CertificateDocument);
    }

    /// <summary>Reads what <see cref="Write"/> writes.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">The text is not such JSON; the message says what is wrong.</exception>
    public static PackingCertificate Read(string json) => PackingJson.Read(json, PackingJson.Default.CertificateDocument, document =>
    {
        PackingJson.Expect(Format, Version, document.Format, document.Version);
        if (document.Version == 1 && document.Refutation is not null)
            throw new FormatException("Version 1 has no refutation.");
        var refutation = Refutation(document.Refutation);
        if (document.Version < VersionOf(refutation))
            throw new FormatException($"Version {document.Version} has neither forced pairs nor such that fill a bin.");
        return new PackingCertificate(
            PackingJson.Limits(document.Capacity, document.MaxItems),
            Patterns(document.Patterns),
            new LowerBound(document.LowerBound, document.BoundRule, Prices(document.Prices), refutation));
    });

    private static int VersionOf(Refutation? proof) =>
        proof is null ? 1 : proof.Nodes.Any(node => node is RefutationNode.Forced or RefutationNode.Fill) ? Version : 2;

    private static RefutationDocument? Document(Refutation? proof) => proof is null ? null : new(
        proof.Bins, proof.Capacity,
        [.. proof.Sizes.Select(size => (long[])[size.Size, size.Weight])],
        [.. proof.Fixed.Select(bins => bins.Second is { } second ? (long[])[bins.First, second, bins.Bins] : [bins.First, bins.Bins])],
        [.. proof.Nodes.Select(node => node switch
        {
            RefutationNode.Branch branch => new RefutationNodeDocument(Pair: [branch.First, branch.Second]),
            RefutationNode.Fill fill => new RefutationNodeDocument(Fill: [fill.First, fill.Second]),
            RefutationNode.Forced forced => new RefutationNodeDocument(Forced: [forced.First, forced.Second]),
            RefutationNode.Leaf leaf => new RefutationNodeDocument(Prices: [.. leaf.Prices]),
            _ => throw new ArgumentException("A node of the tree is missing.", nameof(proof)),
        })]);

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

    private static Refutation? Refutation(RefutationDocument? proof)
    {
        if (proof is null)
            return null;
        PackingJson.Check(proof.Sizes, "refutation.sizes", 2);
        return new Refutation(
            proof.Bins, proof.Capacity, [.. proof.Sizes.Select(pair => new WeighedSize(pair[0], pair[1]))],
            [.. proof.Fixed.Select(Fixed)], [.. proof.Nodes.Select(Node)]);

        static FixedBins Fixed(long[]? row, int i) => row is { Length: 2 or 3 }
            ? new FixedBins(checked((int)row[0]), row.Length == 3 ? checked((int)row[1]) : null, row[^1])
            : throw new FormatException($"Entry {i} of refutation.fixed must be one or two types, then a number of bins.");

        static RefutationNode Node(RefutationNodeDocument? node, int i) => node switch
        {
            { Pair: { Length: 2 } pair, Forced: null, Fill: null, Prices: null } => new RefutationNode.Branch(pair[0], pair[1]),
            { Pair: null, Forced: { Length: 2 } pair, Fill: null, Prices: null } => new RefutationNode.Forced(pair[0], pair[1]),
            { Pair: null, Forced: null, Fill: { Length: 2 } pair, Prices: null } => new RefutationNode.Fill(pair[0], pair[1]),
            { Pair: null, Forced: null, Fill: null, Prices: { } prices } => new RefutationNode.Leaf([.. prices]),
            _ => throw new FormatException($"Entry {i} of refutation.nodes must be a pair, forced or fill of two types, or prices."),
        };
    }
}
