using System.Text.Json;

namespace PackingKit;

/// <summary>Plans as JSON, to be made in one place and dealt in another.</summary>
/// <remarks>
/// <para>One object: <c>format</c> ("packingkit-plan"), <c>version</c> (1), <c>capacity</c>, <c>histogram</c> (pairs of size and count,
/// sizes decreasing), <c>placements</c> (size, first bin, bins, copies in each; in the order of <see cref="PackingPlan.Placements"/>) and
/// <c>maxItems</c> (left out where there is no limit). Its length depends on the plan, not on the number of items.</para>
/// <para>Reading checks everything, so a plan that was read is as valid as one that was made here.</para>
/// </remarks>
public static class PlanJson
{
    private const string Format = "packingkit-plan";
    private const int Version = 1;

    /// <summary>A plan as one line of JSON, without a line end.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is <see langword="null"/>.</exception>
    public static string Write(PackingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var document = new PlanDocument(
            Format, Version, plan.Limits.Capacity,
            PackingJson.Pairs(plan.Histogram),
            Array.ConvertAll(plan.Placements.ToArray(), step => new[] { step.Size, step.FirstBin, step.BinCount, step.CopiesPerBin }),
            PackingJson.MaxItems(plan.Limits));
        return JsonSerializer.Serialize(document, PackingJson.Default.PlanDocument);
    }

    /// <summary>Reads what <see cref="Write"/> writes, and checks it in full.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">The text is not such JSON, or no valid plan; the message says what is wrong.</exception>
    public static PackingPlan Read(string json) => PackingJson.Read(json, PackingJson.Default.PlanDocument, document =>
    {
        PackingJson.Expect(Format, Version, document.Format, document.Version);
        var histogram = PackingJson.Histogram(document.Histogram);
        PackingJson.Check(document.Placements, "placements", 4);
        var placements = document.Placements.Select(step => new Placement(step[0], step[1], step[2], step[3]));
        return PackingPlan.FromPlacements(histogram, PackingJson.Limits(document.Capacity, document.MaxItems), placements);
    });
}
