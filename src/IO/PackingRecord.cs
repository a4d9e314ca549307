using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit;

/// <summary>A packing as one line of JSON: what was packed, how, how well, and the bin of each item.</summary>
/// <param name="File">Name of the file that the sizes came from; "-" for standard input.</param>
/// <param name="Strategy">Name of the strategy.</param>
/// <param name="Capacity">What one bin holds.</param>
/// <param name="Items">Number of items.</param>
/// <param name="Bins">Number of bins.</param>
/// <param name="LowerBound">No packing has fewer bins than this.</param>
/// <param name="Status">"optimal" or "feasible" in the JSON.</param>
/// <param name="ElapsedMs">Time that packing and bounding took, in milliseconds.</param>
/// <param name="Assignment">The bin of each item, from 0, in input order.</param>
/// <param name="MaxItems">The most items a bin may hold; left out of the JSON where there is no limit.</param>
public sealed record PackingRecord(
    string File,
    string Strategy,
    long Capacity,
    int Items,
    int Bins,
    long LowerBound,
    PackingStatus Status,
    double ElapsedMs,
    ReadOnlyMemory<int> Assignment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxItems = null)
{
    /// <summary>The record of a result. O(n).</summary>
    public static PackingRecord Of(string file, PackingProblem problem, PackingResult result)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(result);
        return new PackingRecord(
            file, result.Strategy, problem.Capacity, problem.ItemCount, result.BinCount, result.LowerBound, result.Status,
            Math.Round(result.Elapsed.TotalMilliseconds, 3), result.Packing.BinOfItem.ToArray(), problem.MaxItemsPerBin);
    }

    /// <summary>The record as one line of JSON, without a line end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PackingJson.Default.PackingRecord);

    /// <summary>Reads what <see cref="ToJson"/> writes. Whether it is a packing of anything is for <see cref="Validate"/> to say.</summary>
    /// <exception cref="FormatException">The text is not JSON, or a property is missing or of the wrong type.</exception>
    public static PackingRecord FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize(json, PackingJson.Default.PackingRecord)
                ?? throw new FormatException("The text is the JSON value null.");
        }
        catch (JsonException broken)
        {
            throw new FormatException(broken.Message, broken);
        }
    }

    /// <summary>
    /// Every way in which the record fails to be a packing of a problem, in figures or rows; empty for a right one. O(n + bins).
    /// </summary>
    /// <remarks>
    /// The lower bound is only checked not to be above the number of bins: that no packing has fewer is the claim of the strategy.
    /// </remarks>
    public IReadOnlyList<PackingViolation> Validate(PackingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        List<PackingViolation> violations = [];
        void Expect(string figure, object? stated, object? actual)
        {
            if (!Equals(stated, actual))
                violations.Add(new PackingViolation.WrongFigure(figure, $"{stated ?? "none"}", $"{actual ?? "none"}"));
        }
        var assignment = Assignment.Span;
        // A wild number of bins must not decide how much memory is taken: no packing has more bins than items.
        var bins = Math.Clamp(Bins, 0, assignment.Length);
        Expect("capacity", Capacity, problem.Capacity);
        Expect("maxItems", MaxItems, problem.MaxItemsPerBin);
        Expect("items", Items, problem.ItemCount);
        Expect("bins", Bins, bins);
        Expect("lowerBound", LowerBound, Math.Clamp(LowerBound, 0, bins));
        Expect("status", Status, Bins == LowerBound ? PackingStatus.Optimal : PackingStatus.Feasible);

        var rows = new List<int>[bins];
        for (var bin = 0; bin < bins; bin++)
            rows[bin] = [];
        for (var item = 0; item < assignment.Length; item++)
        {
            if ((uint)assignment[item] < (uint)bins)
                rows[assignment[item]].Add(item);
            else
                violations.Add(new PackingViolation.UnknownBin(item, assignment[item], bins));
        }
        var offsets = new int[bins + 1];
        for (var bin = 0; bin < bins; bin++)
            offsets[bin + 1] = offsets[bin] + rows[bin].Count;
        violations.AddRange(PackingValidator.Validate(problem, offsets, [.. rows.SelectMany(row => row)]));
        return violations;
    }
}
