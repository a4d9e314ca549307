namespace PackingKit;

/// <summary>
/// Items with one or more resources (tokens and images, processor and memory) that are to be packed into bins of equal capacities under
/// <see cref="PackingRules"/>. Immutable, thread-safe and valid by construction: every check happens in the factory.
/// </summary>
/// <remarks>
/// Items are numbered from 0 in input order. A <see cref="PackingProblem"/> is the case of one resource with no rule but a number of items.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ConstrainedProblem
{
    private readonly long[] _sizes, _capacities;

    private ConstrainedProblem(ReadOnlySpan<long> sizes, ReadOnlySpan<long> capacities, PackingRules? rules, bool leavesOut)
    {
        Rules = rules ?? new PackingRules();
        (_sizes, _capacities) = (sizes.ToArray(), capacities.ToArray());
        Totals = new long[capacities.Length];
        LeftOut = ValueList.Create<int>([.. CheckSizes(leavesOut)]);
        CheckRules();
        Measure = new SizeMeasure(Totals, _capacities);
        Units = new PackingUnits(this);
    }

    /// <summary>A problem over all items. O(items · resources + rules).</summary>
    /// <param name="sizes">
    /// What each item takes of each resource, item by item: item i takes <c>sizes[i * capacities.Length + r]</c> of resource r, from 0 to
    /// its capacity. May be empty.
    /// </param>
    /// <param name="capacities">What a bin holds of each resource: at least one number, each at least 1.</param>
    /// <param name="rules">What may share a bin; <see langword="null"/> for all that fits.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A capacity is below 1, or a size negative or above its capacity: the message names the item, the resource, the size and the
    /// capacity. Or the total of a resource leaves the range of <see cref="long"/>.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The sizes are no whole number of items, or a rule cannot be kept or is not one of the items: the message names it.
    /// </exception>
    public static ConstrainedProblem Create(ReadOnlySpan<long> sizes, ReadOnlySpan<long> capacities, PackingRules? rules = null) =>
        new(sizes, capacities, rules, leavesOut: false);

    /// <summary>
    /// A problem over the items that fit a bin; the others are <see cref="LeftOut"/>, and rules that name them mean the rest.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A capacity is below 1, or a size negative. Or the total of a resource leaves the range of <see cref="long"/>.
    /// </exception>
    public static ConstrainedProblem CreateLeavingOut(
        ReadOnlySpan<long> sizes, ReadOnlySpan<long> capacities, PackingRules? rules = null) =>
        new(sizes, capacities, rules, leavesOut: true);

    /// <summary>A plain problem with rules. Its item limit holds as well as that of the rules. O(n).</summary>
    /// <param name="problem">Sizes, capacity and item limit.</param>
    /// <param name="rules">What may share a bin; <see langword="null"/> for all that fits.</param>
    /// <exception cref="ArgumentNullException"><paramref name="problem"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A rule cannot be kept or is not one of the items: the message names it.</exception>
    public static ConstrainedProblem Of(PackingProblem problem, PackingRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var sizes = new long[problem.ItemCount];
        for (var item = 0; item < sizes.Length; item++)
            sizes[item] = problem[item];
        rules ??= new PackingRules();
        return Create(sizes, [problem.Capacity], rules with { MaxItems = Math.Min(rules.MaxItems, problem.Limits.MaxItems) });
    }

    /// <summary>Number of items, those that are left out included.</summary>
    public int ItemCount => _sizes.Length / _capacities.Length;

    /// <summary>Number of resources, at least 1.</summary>
    public int ResourceCount => _capacities.Length;

    /// <summary>What a bin holds of each resource.</summary>
    public ReadOnlySpan<long> Capacities => _capacities;

    /// <summary>What may share a bin.</summary>
    public PackingRules Rules { get; }

    /// <summary>Items that fit no bin and are in none, in input order.</summary>
    public ValueList<int> LeftOut { get; }

    /// <summary>What an item takes of each resource.</summary>
    /// <param name="item">From 0 to <see cref="ItemCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="item"/> is outside that range.</exception>
    public ReadOnlySpan<long> SizesOf(int item) => (uint)item < (uint)ItemCount
        ? _sizes.AsSpan(item * ResourceCount, ResourceCount)
        : throw new ArgumentOutOfRangeException(nameof(item), item, $"There is no item {item}, only 0..{ItemCount - 1}.");

    /// <summary>"4 items into bins of (8, 8)".</summary>
    public override string ToString()
    {
        var bins = ResourceCount == 1 ? $"{_capacities[0]}" : $"({string.Join(", ", _capacities)})";
        return $"{Plural.Of(ItemCount, "item")} into bins of {bins}{(LeftOut.Count == 0 ? "" : $", {LeftOut.Count} left out")}";
    }

    /// <summary>What all items together take of each resource, without those left out.</summary>
    internal long[] Totals { get; }

    /// <summary>How much an item or a room is, all resources together.</summary>
    internal SizeMeasure Measure { get; }

    /// <summary>What is packed as a whole: items and groups.</summary>
    internal PackingUnits Units { get; }

    /// <summary>No packing has more bins, because each holds its least load.</summary>
    internal long MaxBins
    {
        get
        {
            var bins = long.MaxValue;
            for (var resource = 0; resource < Rules.MinLoads.Count; resource++)
                if (Rules.MinLoads[resource] > 0)
                    bins = Math.Min(bins, Totals[resource] / Rules.MinLoads[resource]);
            return bins;
        }
    }

    private List<int> CheckSizes(bool leavesOut)
    {
        if (_capacities.Length == 0)
            throw new ArgumentException("There is no capacity.", "capacities");
        for (var resource = 0; resource < _capacities.Length; resource++)
            if (_capacities[resource] < 1)
                throw new ArgumentOutOfRangeException(
                    "capacities", _capacities[resource], $"Capacity {resource} is {_capacities[resource]}, below 1.");
        if (_sizes.Length % _capacities.Length != 0)
            throw new ArgumentException(
                $"{_sizes.Length} sizes are no whole number of items with {_capacities.Length} resources each.", "sizes");
        List<int> leftOut = [];
        for (var item = 0; item < ItemCount; item++)
        {
            var fits = true;
            for (var resource = 0; resource < ResourceCount; resource++)
            {
                var size = _sizes[(item * ResourceCount) + resource];
                fits &= size <= _capacities[resource];
                if (size < 0 || (!fits && !leavesOut))
                    throw new ArgumentOutOfRangeException(
                        "sizes", size, $"Item {item} takes {size} of resource {resource}, outside 0..{_capacities[resource]}.");
            }
            if (!fits)
            {
                leftOut.Add(item);
                continue;
            }
            for (var resource = 0; resource < ResourceCount; resource++)
            {
                ref var total = ref Totals[resource];
                var size = _sizes[(item * ResourceCount) + resource];
                total = size <= long.MaxValue - total ? total + size : throw new ArgumentOutOfRangeException(
                    "sizes", size, $"The total of resource {resource} leaves the range of a 64-bit integer at item {item}.");
            }
        }
        return leftOut;
    }

    private void CheckRules()
    {
        for (var pair = 0; pair < Rules.Conflicts.Count; pair++)
        {
            var (first, second) = Rules.Conflicts[pair];
            if ((uint)first >= (uint)ItemCount || (uint)second >= (uint)ItemCount || first == second)
                throw new ArgumentException(
                    $"Conflict {pair} is of items {first} and {second}, which are not two of 0..{ItemCount - 1}.", "rules");
        }
        OneForEach(Rules.Groups, "groups");
        OneForEach(Rules.Classes, "classes");
        if (Rules.MaxClasses is not null && Rules.Classes.Count == 0 && ItemCount > 0)
            throw new ArgumentException("There is a most number of classes and no item has a class.", "rules");
        if (Rules.MinLoads.Count != 0 && Rules.MinLoads.Count != ResourceCount)
            throw new ArgumentException($"There are {Rules.MinLoads.Count} least loads for {ResourceCount} resources.", "rules");
        for (var resource = 0; resource < Rules.MinLoads.Count; resource++)
            if (Rules.MinLoads[resource] < 0 || Rules.MinLoads[resource] > _capacities[resource])
                throw new ArgumentException(
                    $"The least load of resource {resource} is {Rules.MinLoads[resource]}, outside 0..{_capacities[resource]}.", "rules");

        void OneForEach(ValueList<int> values, string name)
        {
            if (values.Count != 0 && values.Count != ItemCount)
                throw new ArgumentException($"There are {values.Count} {name} for {ItemCount} items.", "rules");
            for (var item = 0; item < values.Count; item++)
                if (values[item] < PackingRules.None)
                    throw new ArgumentException($"Item {item} has {values[item]} among the {name}, below {PackingRules.None}.", "rules");
        }
    }
}
