using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackingKit;

/// <summary>A packing as one line of JSON: what was packed, how, how well, and the bin of each item.</summary>
public sealed record PackingRecord
{
    /// <summary>Name of the file that the sizes came from; "-" for standard input.</summary>
    public required string File { get; init; }

    /// <summary>Id of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>What one bin holds.</summary>
    public required long Capacity { get; init; }

    /// <summary>Number of items packed.</summary>
    public required int Items { get; init; }

    /// <summary>Number of bins.</summary>
    public required int Bins { get; init; }

    /// <summary>No packing has fewer bins than this.</summary>
    public required long LowerBound { get; init; }

    /// <summary>"optimal" or "feasible" in the JSON.</summary>
    public required PackingStatus Status { get; init; }

    /// <summary>Time that packing and bounding took, in milliseconds: finite, not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public required double ElapsedMs
    {
        get;
        init => field = double.IsFinite(value) && value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(ElapsedMs), value, "The time must be finite and not negative.");
    }

    /// <summary>The bin of each item, from 0, in input order; -1 for those left out.</summary>
    public required ReadOnlyMemory<int> Assignment { get; init; }

    /// <summary>The most items in one bin; left out of the JSON where there is no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MaxItems { get; init; }

    /// <summary>
    /// The rules that the packing was made under beside capacity and <see cref="MaxItems"/>, in words: <see cref="Validate"/> does not
    /// check them. Left out of the JSON where there are none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ReadOnlyMemory<string> Rules { get; init; }

    /// <summary>Items that fit no bin and are in none, by number from 0 in input order; not in the JSON where all are packed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ReadOnlyMemory<int> LeftOut { get; init; }

    /// <summary>The record of a result. O(n).</summary>
    public static PackingRecord Of(string file, PackingResult result)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(result);
        return new PackingRecord
        {
            File = file,
            Strategy = result.Strategy,
            Capacity = result.Problem.Capacity,
            Items = result.Problem.ItemCount,
            Bins = result.BinCount,
            LowerBound = result.Bound.Bins,
            Status = result.Status,
            ElapsedMs = Math.Round(result.Elapsed.TotalMilliseconds, 3),
            Assignment = result.Packing.BinOfItem.ToArray(),
            MaxItems = PackingJson.MaxItems(result.Problem.Limits),
        };
    }

    /// <summary>The record as one line of JSON, without a line end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PackingJson.Default.PackingRecord);

    /// <summary>Reads what <see cref="ToJson"/> writes. Whether it is a packing of anything is for <see cref="Validate"/> to say.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">The text is not JSON, or a property is missing, of the wrong type or out of its range.</exception>
    public static PackingRecord FromJson(string json) => PackingJson.Read(json, PackingJson.Default.PackingRecord, record => record);

    /// <summary>Whether the other record says the same, item by item.</summary>
    public bool Equals(PackingRecord? other) =>
        other is not null && (File, Strategy, Capacity, Items, Bins, LowerBound, Status, ElapsedMs, MaxItems)
            == (other.File, other.Strategy, other.Capacity, other.Items, other.Bins,
                other.LowerBound, other.Status, other.ElapsedMs, other.MaxItems)
        && Assignment.Span.SequenceEqual(other.Assignment.Span) && LeftOut.Span.SequenceEqual(other.LeftOut.Span)
        && Rules.Span.SequenceEqual(other.Rules.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(File, Strategy, Capacity, Items, Bins);

    /// <summary>
    /// Every way in which the record fails to be a packing of a problem, in figures or rows; empty for a right one. O(n + bins).
    /// </summary>
    /// <param name="problem">The items packed: all of the input but those <see cref="LeftOut"/>.</param>
    /// <remarks>
    /// Rules are not checked. The lower bound is only checked not to be above the number of bins: that no packing has fewer is the claim of
    /// the strategy.
    /// </remarks>
    public IReadOnlyList<PackingViolation> Validate(PackingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        List<PackingViolation> violations = [];
        void Expect(string figure, object? stated, object? actual)
        {
            if (!Equals(stated, actual))
                violations.Add(new PackingViolation.WrongFigure(
                    figure, FormattableString.Invariant($"{stated ?? "none"}"), FormattableString.Invariant($"{actual ?? "none"}")));
        }
        var leftOut = new HashSet<int>(LeftOut.Length);
        foreach (var item in LeftOut.Span)
            if ((uint)item >= (uint)Assignment.Length || Assignment.Span[item] != -1 || !leftOut.Add(item))
                violations.Add(new PackingViolation.UnknownItem(item, -1));
        int[] assignment = [.. Assignment.ToArray().Where((_, item) => !leftOut.Contains(item))];
        // A wild number of bins must not decide how much memory is taken: no packing has more bins than items.
        var bins = Math.Clamp(Bins, 0, assignment.Length);
        Expect("capacity", Capacity, problem.Capacity);
        Expect("maxItems", MaxItems, PackingJson.MaxItems(problem.Limits));
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
