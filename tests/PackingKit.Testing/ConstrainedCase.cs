namespace PackingKit.Testing;

/// <summary>Generated items with resources and rules, valid as a problem that leaves out what fits no bin. Compares by content.</summary>
/// <param name="Sizes">What each item takes of each resource, item by item.</param>
/// <param name="Capacities">What a bin holds of each resource.</param>
/// <param name="Rules">What may share a bin.</param>
public sealed record ConstrainedCase(ValueList<long> Sizes, ValueList<long> Capacities, PackingRules Rules)
{
    /// <summary>The most items that <see cref="BruteForce"/> takes.</summary>
    public const int MaxSmallItems = 8;

    /// <summary>Number of items.</summary>
    public int ItemCount => Sizes.Count / Capacities.Count;

    /// <summary>What an item takes of each resource.</summary>
    public ReadOnlySpan<long> SizesOf(int item) => Sizes.AsSpan().Slice(item * Capacities.Count, Capacities.Count);

    /// <summary>The case as a problem without the items that fit no bin.</summary>
    public ConstrainedProblem ToProblem() => ConstrainedProblem.CreateLeavingOut(Sizes.AsSpan(), Capacities.AsSpan(), Rules);

    /// <summary>The first items, with the rules that are left of theirs.</summary>
    public ConstrainedCase Small(int items = MaxSmallItems) => Keep([.. Enumerable.Range(0, Math.Min(items, ItemCount))]);

    /// <summary>Drops items, then rules, then lowers sizes.</summary>
    public static IEnumerable<ConstrainedCase> Shrink(ConstrainedCase of) => Smaller(of).Where(IsValid);

    /// <summary>
    /// A random case: one to three resources, each rule in one case of three. Least loads may be such that there is no packing.
    /// </summary>
    public static ConstrainedCase Random(Random random, int items)
    {
        var capacities = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (long)random.Next(1, 25)).ToArray();
        var largest = capacities.Select(capacity => random.Next(1, (int)capacity + (random.Next(8) == 0 ? 3 : 1))).ToArray();
        var sizes = Enumerable.Range(0, items).SelectMany(_ => largest.Select(most => (long)random.Next(0, most + 1))).ToValueList();
        var rules = new PackingRules
        {
            Conflicts = Some() && items > 1 ? [.. Enumerable.Range(0, random.Next(2 * items)).Select(_ => Pair())] : [],
            Groups = Some() ? Labels(Math.Max(1, items / 2)) : [],
            Classes = Some() ? Labels(4) : [],
            MinLoads = Some() ? [.. capacities.Select(capacity => (long)random.Next(0, (int)capacity + 1))] : [],
            MaxItems = Some() ? random.Next(1, 5) : BinLimits.Unlimited,
        };
        var drawn = new ConstrainedCase(
            sizes, capacities.ToValueList(),
            rules.Classes.Count > 0 ? rules with { MaxClasses = random.Next(1, 4) } : rules);
        return IsValid(drawn) ? drawn : drawn with { Rules = drawn.Rules with { SplitLargeGroups = true } };

        bool Some() => random.Next(3) == 0;

        ValueList<int> Labels(int count) => [.. Enumerable.Range(0, items).Select(_ => random.Next(PackingRules.None, count))];

        (int First, int Second) Pair()
        {
            var first = random.Next(items);
            return (first, (first + 1 + random.Next(items - 1)) % items);
        }
    }

    /// <summary>"[(4, 6), (4, 1)] into bins of [8, 8], PackingRules { ... }".</summary>
    public override string ToString()
    {
        var items = Enumerable.Range(0, ItemCount).Select(item => $"({string.Join(", ", SizesOf(item).ToArray())})");
        return $"[{string.Join(", ", items)}] into bins of {Capacities}, {Rules}";
    }

    private static bool IsValid(ConstrainedCase of)
    {
        try
        {
            of.ToProblem();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<ConstrainedCase> Smaller(ConstrainedCase of)
    {
        int[] all = [.. Enumerable.Range(0, of.ItemCount)];
        for (var chunk = all.Length; chunk > 0; chunk /= 2)
            for (var start = 0; start + chunk <= all.Length; start += chunk)
                yield return of.Keep([.. all[..start], .. all[(start + chunk)..]]);
        foreach (var rules in (PackingRules[])
        [
            of.Rules with { Conflicts = [] }, of.Rules with { Groups = [] }, of.Rules with { Classes = [], MaxClasses = null },
            of.Rules with { MinLoads = [] }, of.Rules with { MaxItems = BinLimits.Unlimited },
            .. of.Rules.Conflicts.Select(pair => of.Rules with { Conflicts = [.. of.Rules.Conflicts.Where(other => other != pair)] }),
        ])
            if (rules != of.Rules)
                yield return of with { Rules = rules };
        for (var at = 0; at < of.Sizes.Count; at++)
            if (of.Sizes[at] > 0)
                yield return of with { Sizes = [.. of.Sizes.Select((size, index) => index == at ? size - 1 : size)] };
    }

    private ConstrainedCase Keep(int[] items)
    {
        var number = items.Select((item, index) => (item, index)).ToDictionary(pair => pair.item, pair => pair.index);
        return this with
        {
            Sizes = [.. items.SelectMany(item => SizesOf(item).ToArray())],
            Rules = Rules with
            {
                Conflicts =
                [
                    .. Rules.Conflicts.Where(pair => number.ContainsKey(pair.First) && number.ContainsKey(pair.Second))
                        .Select(pair => (number[pair.First], number[pair.Second])),
                ],
                Groups = Rules.Groups.Count == 0 ? [] : [.. items.Select(item => Rules.Groups[item])],
                Classes = Rules.Classes.Count == 0 ? [] : [.. items.Select(item => Rules.Classes[item])],
            },
        };
    }
}
