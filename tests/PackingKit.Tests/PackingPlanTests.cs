using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)])]
public class PackingPlanTests
{
    /// <summary>A load that wraps around would pass for one that fits.</summary>
    [Fact]
    public void Figures_beyond_64_bits_are_refused_instead_of_wrapping_around()
    {
        Assert.Throws<OverflowException>(() => new PackingPattern([new(1L << 62, 4)]).Load);
        Assert.Throws<OverflowException>(() => new PackingPattern([new(1L << 62, 1), new(1L << 62, 1)]).Load);
        Assert.Throws<OverflowException>(() => new PackingPattern([new(1, long.MaxValue), new(2, 1)]).ItemCount);
        Assert.Throws<OverflowException>(() => new Placement(1, 0, 1L << 32, 1L << 32).ItemCount);
        Assert.Equal(long.MaxValue, new PackingPattern([new(long.MaxValue, 1)]).Load);
    }

    private static readonly SizeHistogram Histogram = SizeHistogram.Of([6, 4, 4, 4]);

    private static readonly Placement[] Right = [new(6, FirstBin: 0, BinCount: 1, CopiesPerBin: 1), new(4, 0, 2, 1), new(4, 1, 1, 1)];

    [Property]
    public void Patterns_stand_in_bin_order_and_sum_up_to_the_histogram(PackingCase input)
    {
        foreach (var plan in Plans(input))
        {
            long bin = 0;
            foreach (var pattern in plan.Patterns)
            {

                Assert.True(pattern.Multiplicity >= 1 && pattern.ItemCount <= input.Limits.MaxItems && pattern.Load <= input.Capacity);
                Assert.Equal(pattern.Items.OrderByDescending(item => item.Size).DistinctBy(item => item.Size), pattern.Items);
                bin += pattern.Multiplicity;
            }
            Assert.Equal(plan.BinCount, bin);
            var entries = plan.Patterns.SelectMany(
                pattern => pattern.Items.Select(item => new SizeCount(item.Size, item.Count * pattern.Multiplicity)));
            Assert.Equal(input.ToHistogram().Pairs(), SizeHistogram.FromCounts(entries).Pairs());
        }
    }

    [Property]
    public void Patterns_make_a_plan_with_the_same_patterns(PackingCase input)
    {
        foreach (var plan in Plans(input))
        {

            var again = PackingPlan.FromPatterns(plan.Histogram, plan.Limits, plan.Patterns);
            Assert.Equal(Describe(plan), Describe(again));
            Assert.Empty(PackingValidator.Validate(input.ToProblem(), again.Deal(input.ToProblem())));
        }
    }

    [Property]
    public void Dealing_gives_every_bin_the_sizes_of_its_pattern_in_decreasing_size_then_input_order(PackingCase input)
    {
        var problem = input.ToProblem();
        foreach (var plan in Plans(input))
            AssertDealt(plan, problem);
    }

    /// <summary>Plans that no heuristic makes: a size may begin in a later bin than smaller ones that go on there.</summary>
    [Fact]
    public void Any_plan_is_dealt_in_decreasing_size_then_input_order()
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            List<Placement> steps = [];
            List<long> items = [];
            var bins = random.Next(1, 20);
            foreach (var size in (long[])[9, 7, 4, 2])
                for (var bin = 0; bin < bins;)
                {
                    var run = Math.Min(random.Next(1, 9), bins - bin);
                    var copies = size == 2 ? 1 : random.Next(4); // no bin is empty
                    if (copies > 0)
                    {
                        steps.Add(new(size, bin, run, copies));
                        items.AddRange(Enumerable.Repeat(size, (int)steps[^1].ItemCount));
                    }
                    bin += run;
                }
            var sizes = items.ToArray();
            random.Shuffle(sizes);
            AssertDealt(PackingPlan.FromPlacements(SizeHistogram.Of(sizes), 100, steps), PackingProblem.Create(sizes, 100));
        }
    }

    private static void AssertDealt(PackingPlan plan, PackingProblem problem)
    {
        var packing = plan.Deal(problem);
        Assert.Equal(plan.BinCount, packing.BinCount);
        var bin = 0;
        foreach (var pattern in plan.Patterns)
            for (var end = bin + pattern.Multiplicity; bin < end; bin++)
            {
                var items = packing[(int)bin].Items.ToArray();
                var expected = pattern.Items.SelectMany(item => Enumerable.Repeat(item.Size, (int)item.Count));
                Assert.Equal(expected, items.Select(item => problem[item]));
                Assert.Equal(items.OrderByDescending(item => problem[item]).ThenBy(item => item), items);
            }
    }

    [Fact]
    public void Right_placements_are_taken()
    {
        var plan = PackingPlan.FromPlacements(Histogram, new BinLimits(10, 2), Right);
        Assert.Equal((2L, new BinLimits(10, 2)), (plan.BinCount, plan.Limits));
        Assert.Equal(["1 x 6x1 4x1", "1 x 4x2"], Describe(plan));
    }

    public static readonly TheoryData<string, Placement[]> WrongPlacements = new()
    {
        { "Placement 1 is malformed", [Right[0], new(4, 0, 0, 1), Right[2]] },
        { "Placement 0 is malformed", [new(6, -1, 1, 1), Right[1], Right[2]] },
        { "Placement 2 is malformed", [Right[0], Right[1], new(4, 1, 1, 0)] },
        { "Placement 0 is malformed", [new(6, long.MaxValue, 1, 1), Right[1], Right[2]] },
        { "Placement 0 is of size 4 where 1 items of size 6 are due", [Right[1], Right[2], Right[0]] },
        { "Placement 1 is of size 5 where 3 items of size 4 are due", [Right[0], new(5, 0, 1, 1), Right[2]] },
        { "Placement 3 is of size 4 where every item has its place", [.. Right, new(4, 2, 1, 1)] },
        { "Placement 1 has more items of size 4 than the 3 that are left", [Right[0], new(4, 0, 4, 1)] },
        { "Placement 1 has more items of size 4 than the 3 that are left", [Right[0], new(4, 0, 1L << 62, 1L << 62)] },
        { "1 items of size 4 have no place", [Right[0], Right[1]] },
        { "3 items of size 4 have no place", [Right[0]] },
        { "1 items of size 6 have no place", [] },
        { "Bin 1 is empty", [Right[0], new(4, 0, 1, 1), new(4, 2, 1, 2)] },
        { "Bin 0 is empty", [new(6, 1, 1, 1), new(4, 1, 2, 1), new(4, 2, 1, 1)] },
        { "Bin 0 holds 14, above the capacity 10", [Right[0], new(4, 0, 1, 2), new(4, 1, 1, 1)] },
        { "Bin 1 holds 3 items, above the limit 2", [Right[0], new(4, 1, 1, 3)] },
    };

    [Theory, MemberData(nameof(WrongPlacements))]
    public void Each_kind_of_wrong_placement_is_refused_by_name(string message, Placement[] placements)
    {
        var capacity = message.EndsWith("limit 2", StringComparison.Ordinal) ? 12 : 10;
        Refused.Wrong("placements", () => PackingPlan.FromPlacements(Histogram, new BinLimits(capacity, 2), placements), message);
    }

    /// <summary>One number of one placement is changed: whether that is still a plan is told by laying every item into its bin.</summary>
    [Property(MaxTest = 300)]
    public void A_changed_plan_is_taken_exactly_where_it_still_is_one(PackingCase input, ushort pick, byte field, sbyte by)
    {
        foreach (var plan in Plans(input).Where(plan => plan.Placements.Length > 0))
        {
            var steps = plan.Placements.ToArray();
            ref var step = ref steps[pick % steps.Length];
            step = (field % 4) switch
            {
                0 => step with { FirstBin = step.FirstBin + (by % 3) },
                1 => step with { BinCount = step.BinCount + (by % 3) },
                2 => step with { CopiesPerBin = step.CopiesPerBin + (by % 3) },
                _ => step with { FirstBin = by & 7 },
            };
            var limits = by % 2 == 0 ? input.Limits : new BinLimits(input.Capacity, Math.Max(1, input.Limits.MaxItems - 1));
            var isTaken = true;
            try
            {
                Assert.Equal(Bins(steps).Count, PackingPlan.FromPlacements(plan.Histogram, limits, steps).BinCount);
            }
            catch (ArgumentException refused)
            {
                Assert.Equal("placements", refused.ParamName);
                isTaken = false;
            }
            Assert.Equal(IsPlan(plan.Histogram, limits, steps), isTaken);
        }
    }

    private static SortedDictionary<long, List<long>> Bins(Placement[] steps)
    {
        var bins = new SortedDictionary<long, List<long>>();
        foreach (var step in steps)
            for (var bin = step.FirstBin; bin < step.FirstBin + step.BinCount; bin++)
            {
                if (!bins.TryGetValue(bin, out var sizes))
                    bins.Add(bin, sizes = []);
                sizes.AddRange(Enumerable.Repeat(step.Size, (int)Math.Max(0, step.CopiesPerBin)));
            }
        return bins;
    }

    private static bool IsPlan(SizeHistogram histogram, BinLimits limits, Placement[] steps)
    {
        if (Array.Exists(steps, step => step.FirstBin < 0 || step.BinCount < 1 || step.CopiesPerBin < 1))
            return false;
        var bins = Bins(steps);
        return bins.Keys.SequenceEqual(Enumerable.Range(0, bins.Count).Select(bin => (long)bin))
            && bins.Values.SelectMany(sizes => sizes).CountBy(size => size).OrderByDescending(pair => pair.Key)
                .Select(pair => new SizeCount(pair.Key, pair.Value)).SequenceEqual(histogram.Pairs())
            && steps.Select(step => step.Size).SequenceEqual(steps.Select(step => step.Size).OrderDescending())
            && bins.Values.All(sizes => sizes.Count <= limits.MaxItems
                && sizes.Aggregate(Int128.Zero, (sum, size) => sum + size) <= limits.Capacity);
    }

    [Fact]
    public void Wrong_patterns_are_refused_as_placements_are()
    {
        static PackingPlan From(params (SizeCount[]? Items, long Bins)[] patterns) => PackingPlan.FromPatterns(
            Histogram, 10,
            patterns.Select(pattern => pattern.Items is null ? null! : new PackingPattern([.. pattern.Items], pattern.Bins)));
        SizeCount[] first = [new(6, 1), new(4, 1)], second = [new(4, 2)];

        Assert.Equal(2, From((first, 1), (second, 1)).BinCount);
        Refused.Wrong("placements", () => From((first, 1)), "2 items of size 4 have no place");
        Refused.Wrong("placements", () => From((first, 1), ([new(4, -2)], 1)), "malformed");
        Refused.Wrong(
            "placements", () => From((first, long.MaxValue), (second, long.MaxValue)), "more items of size 6 than the 1 that are left");
        Refused.Wrong("patterns", () => From((first, 1), ([], 1), (second, 1)), "The pattern of bin 1 has 0 sizes and the multiplicity 1;");
        Refused.Wrong("patterns", () => From((first, 1), (null, 1)), "The pattern of bin 1 has 0 sizes and the multiplicity 0;");
        Refused.Wrong("patterns", () => From((first, 1), (second, 0)), "The pattern of bin 1 has 1 sizes and the multiplicity 0;");
    }

    [Fact]
    public void Bad_limits_and_missing_arguments_are_named()
    {
        Refused.Null("histogram", () => PackingPlan.FromPlacements(null!, 10, Right));
        Refused.Null("placements", () => PackingPlan.FromPlacements(Histogram, 10, null!));
        Refused.Null("patterns", () => PackingPlan.FromPatterns(Histogram, 10, null!));
        Refused.OutOfRange("limits", () => PackingPlan.FromPlacements(Histogram, default, Right));
        Refused.Wrong("histogram", () => PackingPlan.FromPlacements(Histogram, 5, Right), "Size 6 is above the capacity 5.");
    }

    [Fact]
    public void Deal_refuses_a_problem_that_was_not_planned_for()
    {
        var plan = PackingPlan.FromPlacements(Histogram, new BinLimits(10, 2), Right);
        Assert.Equal(2, plan.Deal(PackingProblem.Create([4, 4, 6, 4], new BinLimits(10, 2))).BinCount);

        Refused.Null("problem", () => plan.Deal(null!));
        Refused.Wrong(
            "problem", () => plan.Deal(PackingProblem.Create([4, 4, 6, 4], new BinLimits(11, 2))),
            "The plan is for bins of 10, at most 2 items");
        Refused.Wrong("problem", () => plan.Deal(PackingProblem.Create([4, 4, 6, 4], 10)), "The plan is for bins of 10, at most 2 items");
        Refused.Wrong(
            "problem", () =>
                plan.Deal(PackingProblem.Create([4, 4, 6], new BinLimits(10, 2))),
                "The problem's sizes are not those that were planned for.");
        Refused.Wrong(
            "problem", () =>
                plan.Deal(PackingProblem.Create([4, 4, 6, 5], new BinLimits(10, 2))),
                "The problem's sizes are not those that were planned for.");
    }

    private static IEnumerable<PackingPlan> Plans(PackingCase input) =>
        TextbookHeuristics.Ids.Select(id => PackingStrategies.Create(id).Pack(input.ToProblem()).Plan).OfType<PackingPlan>();

    /// <summary>Bins with the same contents side by side are one line, however the plan parts them.</summary>
    private static List<string> Describe(PackingPlan plan)
    {
        List<(string Items, long Bins)> lines = [];
        foreach (var pattern in plan.Patterns)
        {
            var items = string.Join(' ', pattern.Items.Select(item => $"{item.Size}x{item.Count}"));
            if (lines.Count > 0 && lines[^1].Items == items)
                lines[^1] = (items, lines[^1].Bins + pattern.Multiplicity);
            else
                lines.Add((items, pattern.Multiplicity));
        }
        return [.. lines.Select(line => $"{line.Bins} x {line.Items}")];
    }

    [Property]
    public void Shards_deal_by_rank_what_one_place_deals(PackingCase input, byte first, byte second)
    {
        var plan = new BestFitDecreasing().Plan(input.ToHistogram(), input.Limits).Plan;
        var expected = plan.Deal(input.ToProblem()).BinOfItem;
        var cuts = new[] { 0, first % (input.Sizes.Length + 1), second % (input.Sizes.Length + 1), input.Sizes.Length };
        Array.Sort(cuts);
        var (before, bins) = (SizeHistogram.Empty, new long[input.Sizes.Length]);
        for (var shard = 0; shard < 3; shard++)
        {
            var sizes = input.Sizes[cuts[shard]..cuts[shard + 1]];
            plan.DealShard(sizes, before, bins.AsSpan(cuts[shard]));
            before += SizeHistogram.Of(sizes);
        }
        Assert.Equal(Array.ConvertAll(expected.ToArray(), bin => (long)bin), bins);
    }

    [Fact]
    public void Shards_of_a_plan_for_more_items_than_a_machine_holds_are_dealt()
    {
        var histogram = SizeHistogram.FromCounts(
            [new SizeCount(3L, 3_000_000_000_000L), new SizeCount(4L, 1_000_000_000_000L)]);
        var plan = new BestFitDecreasing().Plan(histogram, 10).Plan;
        var before = SizeHistogram.FromCounts([new SizeCount(4L, 999_999_999_998L), new SizeCount(3L, 1_499_999_999_999L)]);
        var bins = new long[4];
        plan.DealShard([4, 3, 3, 4], before, bins);
        Assert.Equal(499_999_999_999L, bins[0]); // two fours a bin
        Assert.Equal(499_999_999_999L, bins[3]);
        Assert.InRange(bins[1], 500_000_000_000L, plan.BinCount - 1);
        Assert.InRange(bins[2] - bins[1], 0, 1);
    }

    [Fact]
    public void A_shard_with_more_items_than_were_planned_for_is_refused_before_anything_is_written()
    {
        var plan = new BestFitDecreasing().Plan(SizeHistogram.Of([5, 5, 3]), 10).Plan;
        var bins = new long[] { -1, -1 };
        var refused = Assert.Throws<ArgumentException>(() => plan.DealShard([3, 5], SizeHistogram.Of([5, 5]), bins));
        Assert.Equal("sizes", refused.ParamName);
        Assert.Contains("1 items of size 5 and the shards before it 2; 2 were planned for", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            "binOfItem", Assert.Throws<ArgumentException>(() => plan.DealShard([3, 5], SizeHistogram.Empty, new long[1])).ParamName);
        Assert.Equal([-1, -1], bins);
    }
}
