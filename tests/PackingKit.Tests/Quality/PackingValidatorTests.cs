using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The validator finds every way to spoil a valid packing, and names it.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public class PackingValidatorTests
{
    private static readonly PackingProblem Problem = PackingProblem.Create([6, 5, 4, 3, 2], new BinLimits(10, 3));

    [Fact]
    public void A_valid_packing_has_no_violation() => Assert.Empty(PackingValidator.Validate(Problem, [0, 2, 5], [0, 2, 1, 3, 4]));

    [Fact]
    public void Each_violation_is_named()
    {
        static IReadOnlyList<PackingViolation> Of(int[] offsets, int[] items) => PackingValidator.Validate(Problem, offsets, items);
        Assert.Equal([new PackingViolation.MissingItem(4)], Of([0, 2, 4], [0, 2, 1, 3]));
        Assert.Contains(new PackingViolation.UnknownItem(5, Bin: 1), Of([0, 2, 6], [0, 2, 1, 3, 4, 5]));
        Assert.Contains(new PackingViolation.UnknownItem(-1, Bin: 0), Of([0, 1], [-1]));
        Assert.Equal([new PackingViolation.DuplicateItem(4, FirstBin: 1, Bin: 2)], Of([0, 2, 5, 6], [0, 2, 1, 3, 4, 4]));
        Assert.Equal([new PackingViolation.EmptyBin(1)], Of([0, 2, 2, 5], [0, 2, 1, 3, 4]));
        Assert.Equal([new PackingViolation.OverCapacity(0, Load: 11, Capacity: 10)], Of([0, 2, 5], [0, 1, 2, 3, 4]));

        var ones = PackingProblem.Create([1, 1, 1, 1], new BinLimits(10, 3));
        Assert.Equal(
            [new PackingViolation.TooManyItems(0, Count: 4, MaxItems: 3)],
            PackingValidator.Validate(ones, binOffsets: [0, 4], itemIndices: [0, 1, 2, 3]));
    }

    [Property]
    public void A_moved_item_is_seen_where_it_breaks_a_limit_and_only_there(PackingCase input, ushort pick, ushort to)
    {
        var (problem, rows) = Valid(input);
        if (rows.Count < 2)
            return;
        var (item, target) = (pick % input.Sizes.Length, to % rows.Count);
        rows.Find(row => row.Contains(item))!.Remove(item);
        rows[target].Add(item);

        var violations = Validate(problem, rows);
        var load = rows[target].Aggregate(Int128.Zero, (sum, member) => sum + input.Sizes[member]);
        Assert.Equal(load > input.Capacity, violations.Contains(new PackingViolation.OverCapacity(target, load, input.Capacity)));
        Assert.Equal(
            rows[target].Count > input.Limits.MaxItems,
            violations.Contains(new PackingViolation.TooManyItems(target, rows[target].Count, input.Limits.MaxItems)));
        Assert.Equal(rows.Any(row => row.Count == 0), violations.OfType<PackingViolation.EmptyBin>().Any());
        Assert.DoesNotContain(violations, violation =>
            violation is PackingViolation.MissingItem or PackingViolation.DuplicateItem or PackingViolation.UnknownItem);
    }

    [Property]
    public void A_dropped_item_is_missing(PackingCase input, ushort pick)
    {
        var (problem, rows) = Valid(input);
        if (rows.Count == 0)
            return;
        var item = pick % input.Sizes.Length;
        rows.Find(row => row.Contains(item))!.Remove(item);
        Assert.Equal(
            [new PackingViolation.MissingItem(item)],
            Validate(problem, rows).Where(violation => violation is not PackingViolation.EmptyBin));
    }

    [Property]
    public void A_doubled_item_is_named_with_both_bins(PackingCase input, ushort pick)
    {
        var (problem, rows) = Valid(input);
        if (rows.Count == 0)
            return;
        var item = pick % input.Sizes.Length;
        rows.Add([item]);
        var first = rows.FindIndex(row => row.Contains(item));
        Assert.Equal([new PackingViolation.DuplicateItem(item, first, rows.Count - 1)], Validate(problem, rows));
    }

    /// <summary>Items anywhere, twice, or from beyond the problem: what is wrong is read off the rows, one rule at a time.</summary>
    [Property]
    public void Every_violation_of_any_rows_is_told_and_no_other(PackingCase input, byte[][] rows)
    {
        var problem = input.ToProblem();
        var bins = Array.ConvertAll(rows, row => Array.ConvertAll(row, item => (item % (input.Sizes.Length + 2)) - 1).ToList()).ToList();
        var (expected, firstBin) = (new List<PackingViolation>(), new Dictionary<int, int>());
        for (var bin = 0; bin < bins.Count; bin++)
        {
            foreach (var item in bins[bin])
                if (item < 0 || item >= input.Sizes.Length)
                    expected.Add(new PackingViolation.UnknownItem(item, bin));
                else if (!firstBin.TryAdd(item, bin))
                    expected.Add(new PackingViolation.DuplicateItem(item, firstBin[item], bin));
            var load = bins[bin].Where(item => item >= 0 && item < input.Sizes.Length)
                .Aggregate(Int128.Zero, (sum, item) => sum + input.Sizes[item]);
            if (bins[bin].Count == 0)
                expected.Add(new PackingViolation.EmptyBin(bin));
            if (load > input.Capacity)
                expected.Add(new PackingViolation.OverCapacity(bin, load, input.Capacity));
            if (bins[bin].Count > input.Limits.MaxItems)
                expected.Add(new PackingViolation.TooManyItems(bin, bins[bin].Count, input.Limits.MaxItems));
        }
        expected.AddRange(Enumerable.Range(0, input.Sizes.Length).Where(item => !firstBin.ContainsKey(item))
            .Select(item => new PackingViolation.MissingItem(item)));
        Assert.Equal(expected, Validate(problem, bins));
    }

    [Fact]
    public void A_result_of_another_problem_or_with_a_bound_above_its_bins_is_told()
    {
        var result = new BestFit().Pack(Problem);
        Assert.Empty(PackingValidator.Validate(Problem, result));
        Assert.Empty(PackingValidator.Validate(Problem, result with { Bound = new LowerBound(result.BinCount, BoundRule.L1) }));
        Assert.Equal(
            [new PackingViolation.WrongFigure("lowerBound", $"{result.BinCount + 1}", $"at most {result.BinCount}")],
            PackingValidator.Validate(Problem, result with { Bound = new LowerBound(result.BinCount + 1, BoundRule.L1) }));
        var equal = PackingProblem.Create([6, 5, 4, 3, 2], new BinLimits(10, 3));
        var other = Assert.Single(PackingValidator.Validate(equal, result));
        Assert.Equal("problem", Assert.IsType<PackingViolation.WrongFigure>(other).Figure);
        Refused.Null("result", () => PackingValidator.Validate(Problem, (PackingResult)null!));
    }

    [Fact]
    public void Rows_that_are_no_rows_are_refused()
    {
        Refused.Wrong("binOffsets", () => PackingValidator.Validate(Problem, [], []), "Offsets must start with 0");
        Refused.Wrong("binOffsets", () => PackingValidator.Validate(Problem, [1, 1], [0]), "Offsets must start with 0");
        Refused.Wrong("binOffsets", () => PackingValidator.Validate(Problem, [0, 2], [0]), "end with the number of item indices, 1");
        Refused.Wrong(
            "binOffsets", () => PackingValidator.Validate(Problem, [0, 1, 0, 1], [0]), "Offset 2 is 0, below the one before it, 1.");
        Refused.Wrong("binOffsets", () => PackingValidator.Validate(Problem, [0, 5, 1], [0]), "Offset 2 is 1, below the one before it, 5.");
        Refused.Null("problem", () => PackingValidator.Validate(null!, Packing.Empty));
        Refused.Null("packing", () => PackingValidator.Validate(Problem, (Packing)null!));
    }

    private static (PackingProblem Problem, List<List<int>> Rows) Valid(PackingCase input)
    {
        var packing = new BestFit().Pack(input.ToProblem()).Packing;
        List<List<int>> rows = [];
        foreach (var bin in packing.Bins)
            rows.Add([.. bin.Items]);
        return (input.ToProblem(), rows);
    }

    private static IReadOnlyList<PackingViolation> Validate(PackingProblem problem, List<List<int>> rows)
    {
        int[] offsets = [0, .. rows.Select((_, bin) => rows.Take(bin + 1).Sum(row => row.Count))];
        return PackingValidator.Validate(problem, offsets, rows.SelectMany(row => row).ToArray());
    }
}
