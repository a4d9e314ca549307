namespace PackingKit;

/// <summary>
/// What is packed as a whole: each item alone, or the items of a group together, with all that the rules say of them. In the order of
/// their first items.
/// </summary>
internal sealed class PackingUnits
{
    /// <summary>Stands for the unit of an item that is left out.</summary>
    public const int None = -1;

    private readonly List<long> _sizes = [];
    private readonly List<int> _itemCounts = [];
    private readonly IntRows _classes, _conflicts;

    /// <exception cref="ArgumentException">A group cannot share a bin and may not be split.</exception>
    public PackingUnits(ConstrainedProblem problem)
        : this(problem, WithoutLeftOut(problem), (problem.Rules.Groups.Count > 0 ? GroupsAsParts(problem) : null))
    {
    }

    private PackingUnits(ConstrainedProblem problem, int[] itemsInOrder, int[]? partOfItem)
    {
        (Problem, UnitOfItem) = (problem, new int[problem.ItemCount]);
        UnitOfItem.AsSpan().Fill(None);
        var unitOfPart = new Dictionary<int, int>();
        foreach (var item in itemsInOrder)
        {
            var part = partOfItem?[item] ?? PackingRules.None;
            if (part != PackingRules.None && unitOfPart.TryGetValue(part, out var unit))
            {
                Join(unit, item);
                continue;
            }
            UnitOfItem[item] = Count;
            if (part != PackingRules.None)
                unitOfPart[part] = Count;
            _itemCounts.Add(1);
            foreach (var size in problem.SizesOf(item))
                _sizes.Add(size);
        }
        var rules = problem.Rules;
        _classes = new IntRows(Count, rules.MaxClasses is null ? [] : itemsInOrder
            .Where(item => rules.Classes[item] != PackingRules.None)
            .Select(item => (UnitOfItem[item], rules.Classes[item])).Distinct().ToArray());
        _conflicts = new IntRows(Count, rules.Conflicts
            .Select(pair => (First: UnitOfItem[pair.First], Second: UnitOfItem[pair.Second]))
            .Where(pair => pair.First != None && pair.Second != None)
            .SelectMany(pair => new[] { pair, (pair.Second, pair.First) }).Distinct().Order().ToArray());
    }

    public ConstrainedProblem Problem { get; }

    public int Count => _itemCounts.Count;

    /// <summary>The unit of each item, or <see cref="None"/>.</summary>
    public int[] UnitOfItem { get; }

    /// <summary>What a unit takes of each resource.</summary>
    public ReadOnlySpan<long> SizesOf(int unit) =>
        CollectionsMarshal.AsSpan(_sizes).Slice(unit * Problem.ResourceCount, Problem.ResourceCount);

    /// <summary>Number of items of a unit.</summary>
    public int ItemsIn(int unit) => _itemCounts[unit];

    /// <summary>The classes of a unit, where their number in a bin is limited.</summary>
    public ReadOnlySpan<int> ClassesOf(int unit) => _classes[unit];

    /// <summary>The units that must not be with a unit, in order.</summary>
    public ReadOnlySpan<int> ConflictsOf(int unit) => _conflicts[unit];

    /// <summary>
    /// Units from the largest down, equal ones in input order. With several resources units whose measures differ by less than a level are
    /// equal: told apart, they would come sorted by shape, and those that complete each other would not meet.
    /// </summary>
    public int[] Decreasing()
    {
        const int levels = 512;
        var measure = Problem.Measure;
        var perLevel = measure.Of(Problem.Capacities) / levels;
        var (order, keys) = (new int[Count], new (long Size, int Unit)[Count]);
        for (var unit = 0; unit < Count; unit++)
        {
            var size = Problem.ResourceCount == 1 ? SizesOf(unit)[0]
                : perLevel > 0 ? (long)(measure.Of(SizesOf(unit)) / perLevel) : 0;
            (order[unit], keys[unit]) = (unit, (-size, unit));
        }
        Array.Sort(keys, order);
        return order;
    }

    /// <summary>Whether two units cannot share a bin, whatever else is in it.</summary>
    public bool Exclude(int first, int second)
    {
        var rules = Problem.Rules;
        if ((long)ItemsIn(first) + ItemsIn(second) > rules.MaxItems || ConflictsOf(first).BinarySearch(second) >= 0)
            return true;
        var one = SizesOf(first);
        var other = SizesOf(second);
        for (var resource = 0; resource < one.Length; resource++)
            if (one[resource] > Problem.Capacities[resource] - other[resource])
                return true;
        if (rules.MaxClasses is not { } most || ClassesOf(first).Length + ClassesOf(second).Length <= most)
            return false;
        var classes = ClassesOf(first).Length;
        foreach (var each in ClassesOf(second))
            classes += ClassesOf(first).Contains(each) ? 0 : 1;
        return classes > most;
    }

    private void Join(int unit, int item)
    {
        UnitOfItem[item] = unit;
        _itemCounts[unit]++;
        var sizes = Problem.SizesOf(item);
        for (var resource = 0; resource < sizes.Length; resource++)
            _sizes[(unit * sizes.Length) + resource] += sizes[resource];
    }

    private static int[] WithoutLeftOut(ConstrainedProblem problem)
    {
        var leftOut = problem.LeftOut.ToHashSet();
        return [.. Enumerable.Range(0, problem.ItemCount).Where(item => !leftOut.Contains(item))];
    }

    /// <summary>
    /// A number for each item: the same for those that have to share a bin, because their group or its part does. Each group is packed
    /// alone by first-fit decreasing, which needs one bin where one takes it.
    /// </summary>
    private static int[] GroupsAsParts(ConstrainedProblem problem)
    {
        var rules = problem.Rules;
        var items = WithoutLeftOut(problem);
        var alone = new PackingUnits(problem, items, partOfItem: null);
        var parts = new int[problem.ItemCount];
        parts.AsSpan().Fill(PackingRules.None);
        var bins = new RuledBins(alone);
        foreach (var group in alone.Decreasing().Where(unit => rules.Groups[items[unit]] != PackingRules.None)
            .GroupBy(unit => rules.Groups[items[unit]]))
        {
            var first = bins.Count;
            foreach (var unit in group)
                bins.PutFirstFit(unit, first);
            if (bins.Count > first + 1 && !rules.SplitLargeGroups)
                throw new ArgumentException(
                    $"Group {group.Key} cannot share a bin: {WhyNot(problem, [.. group.Select(unit => items[unit])])}.", nameof(rules));
            foreach (var unit in group)
                parts[items[unit]] = bins.BinOf[unit];
        }
        return parts;
    }

    /// <summary>Why no bin takes some items together.</summary>
    private static string WhyNot(ConstrainedProblem problem, HashSet<int> items)
    {
        var rules = problem.Rules;
        for (var resource = 0; resource < problem.ResourceCount; resource++)
        {
            var total = items.Sum(item => problem.SizesOf(item)[resource]);
            if (total > problem.Capacities[resource])
                return $"it takes {total} of resource {resource}, above the capacity {problem.Capacities[resource]}";
        }
        if (items.Count > rules.MaxItems)
            return $"it has {items.Count} items, and a bin at most {rules.MaxItems}";
        foreach (var (first, second) in rules.Conflicts)
            if (items.Contains(first) && items.Contains(second))
                return $"its items {first} and {second} are in conflict";
        var classes = items.Select(item => rules.Classes[item]).Where(each => each != PackingRules.None).Distinct().Count();
        return $"it has {classes} classes, and a bin at most {rules.MaxClasses}";
    }
}
