namespace PackingKit;

/// <summary>
/// Checks a <see cref="Refutation"/> from the sizes alone, step by step as it says itself. What is counted in weights holds for sizes as
/// well, because every set of items that fits by size fits by weight.
/// </summary>
internal sealed class RefutationCheck
{
    private readonly SizeHistogram _histogram;
    private readonly BinLimits _limits;
    private readonly Refutation _proof;
    private readonly long _steps;
    private readonly CancellationToken _cancellationToken;
    private readonly StepBudget _budget;
    private readonly long[] _weights, _left; // by type of the root
    private long _bins; // what is left of the bins, beside those fixed
    private Int128 _waste;

    public RefutationCheck(
        SizeHistogram histogram, BinLimits limits, Refutation proof, long steps, CancellationToken cancellationToken)
    {
        (_histogram, _limits, _proof, _steps, _cancellationToken) = (histogram, limits, proof, steps, cancellationToken);
        _budget = new StepBudget(steps, cancellationToken);
        _weights = [.. proof.Sizes.Select(size => size.Weight)];
        _left = [.. proof.Sizes.Select(size => histogram.CountOf(size.Size))];
        _bins = proof.Bins;
    }

    /// <summary>Why the proof proves nothing, where the steps or the memory did not do.</summary>
    public string? Doubt { get; private set; }

    /// <summary>What is wrong with the proof; nothing where it holds or where there is a <see cref="Doubt"/>.</summary>
    public string? Fault()
    {
        var fault = WeightFault() ?? FixedFault();
        if (fault is not null || Doubt is not null)
            return fault;
        Int128 weight = 0;
        for (var type = 0; type < _left.Length; type++)
            weight += (Int128)_left[type] * _weights[type];
        _waste = ((Int128)_bins * _proof.Capacity) - weight;
        return _waste < 0 ? null : TreeFault();
    }

    private string? WeightFault()
    {
        if (_proof.Bins < 0)
            return $"The tree refutes {_proof.Bins} bins.";
        if (_proof.Capacity < 1)
            return $"The capacity of the proof is {_proof.Capacity}.";
        BigInteger total = 0;
        HashSet<long> sizes = [];
        foreach (var (size, weight) in _proof.Sizes)
        {
            if (weight < 0)
                return $"Size {size} has the weight {weight}.";
            if (_histogram.CountOf(size) == 0)
                return $"There are no items of size {size}, which the proof gives a weight.";
            if (!sizes.Add(size))
                return $"Size {size} has two weights.";
            total += (BigInteger)_histogram.CountOf(size) * weight;
        }
        if (total > long.MaxValue)
            return $"The weights add up to {total}.";
        if (AreOtherUnits())
            return null;
        var asPrices = new DualPrices([.. _proof.Sizes.Select(size => size.Size)], [.. _weights], _proof.Capacity, Bins: 0);
        switch (new PriceCheck(_histogram, _limits, asPrices, _steps, _cancellationToken).HoldsWithin())
        {
            case false:
                return $"A bin can hold more than {_proof.Capacity} in weight.";
            case null:
                Doubt = $"The weights are not decided within {_steps} steps and {PriceCheck.MaxStates} states.";
                break;
        }
        return null;
    }

    /// <summary>Whether sizes are multiples of the weights, and the capacity is no larger than so many of the proof's.</summary>
    private bool AreOtherUnits()
    {
        var largest = Array.FindIndex(_weights, weight => weight > 0);
        if (largest < 0)
            return true;
        var unit = _proof.Sizes[largest].Size / _weights[largest];
        return unit > 0 && _limits.Capacity / unit <= _proof.Capacity
            && _proof.Sizes.All(size => (Int128)size.Weight * unit == size.Size);
    }

    /// <summary>The item limit, where weights alone do not keep it.</summary>
    private long MaxItems()
    {
        var lightest = _weights.DefaultIfEmpty(1).Min();
        return lightest > 0 && _proof.Capacity / lightest <= _limits.MaxItems ? BinLimits.Unlimited : _limits.MaxItems;
    }

    /// <summary>Takes the items of fixed bins out.</summary>
    private string? FixedFault()
    {
        // Two items may change places with one, and items without weight would stand beside them.
        if (_proof.Fixed.Count > 0 && (MaxItems() != BinLimits.Unlimited || _weights.Contains(0)))
            return "Bins are fixed where the number of items in a bin is limited.";
        for (var i = 0; i < _proof.Fixed.Count; i++)
        {
            var (first, second, bins) = _proof.Fixed[i];
            if ((uint)first >= (uint)_left.Length || (uint)(second ?? 0) >= (uint)_left.Length)
                return $"The fixed bins {i} hold types that there are not.";
            var most = second is not { } other ? _left[first] : first == other ? _left[first] / 2 : Math.Min(_left[first], _left[other]);
            if (bins < 1 || bins > most)
                return $"The fixed bins {i} are {bins}, and there are items for {most}.";
            if (!_budget.TryTake(2L * StepBudget.Entry * _left.Length)) // they are sorted
            {
                Doubt = $"The fixed bins are not decided within {_steps} steps.";
                return null;
            }
            // With fewer items left nothing heavier fits beside the first: all of these bins are as the first of them.
            _left[first]--;
            var holds = IsHeaviest(second, _proof.Capacity - _weights[first]);
            _left[first]++;
            if (!holds)
                return $"The fixed bins {i} are not in every case part of some best packing.";
            _left[first] -= bins;
            if (second is { } partner)
                _left[partner] -= bins;
            _bins -= bins;
        }
        return null;
    }

    /// <summary>
    /// Whether it is plain that no set of the items left that fits beside an item is heavier than one of them: that one fills the bin; or
    /// it is the heaviest that fits, no three fit, and no two that fit are heavier.
    /// </summary>
    private bool IsHeaviest(int? item, long residual)
    {
        if (item is not { } one)
            return !Enumerable.Range(0, _left.Length).Any(type => _left[type] > 0 && _weights[type] <= residual);
        if (_weights[one] >= residual)
            return _weights[one] == residual;
        // All that fits, lightest first, with up to three of each.
        int[] fitting = [.. Enumerable.Range(0, _left.Length).Where(type => _weights[type] <= residual)
            .OrderBy(type => _weights[type]).SelectMany(type => Enumerable.Repeat(type, (int)Math.Min(_left[type], 3)))];
        if (fitting.Length == 0 || _weights[fitting[^1]] != _weights[one])
            return false;
        if (fitting.Length > 2 && (Int128)_weights[fitting[0]] + _weights[fitting[1]] + _weights[fitting[2]] <= residual)
            return false;
        // The heaviest partner of each: it becomes lighter as the item becomes heavier.
        for (int light = 0, heavy = fitting.Length - 1; light < heavy;)
        {
            var pair = (Int128)_weights[fitting[light]] + _weights[fitting[heavy]];
            if (pair > residual)
                heavy--;
            else if (pair > _weights[one])
                return false;
            else
                light++;
        }
        return true;
    }

    private string? TreeFault()
    {
        if (_bins < 1)
            return $"There are {_bins} bins beside those fixed.";
        var leaves = new LeafCheck(
            _proof.Capacity, MaxItems(), (long)Int128.Min(_waste, _proof.Capacity), _budget);
        List<Step> path = [];
        for (var i = 0; i < _proof.Nodes.Count; i++)
        {
            switch (_proof.Nodes[i])
            {
                case RefutationNode.Branch branch:
                    path.Add(new Step(branch.First, branch.Second));
                    continue;
                case RefutationNode.Fill fill:
                    path.Add(new Step(fill.First, fill.Second, IsOnly: true, Fills: true));
                    continue;
                case RefutationNode.Forced forced:
                    if (ForcedFault(leaves, path, forced) is { } doubtful)
                        return $"Node {i} of the tree: {doubtful}.";
                    if (Doubt is not null)
                        return null;
                    path.Add(new Step(forced.First, forced.Second, IsOnly: true));
                    continue;
                case RefutationNode.Leaf { Prices: { } prices }:
                    if (LeafFault(leaves, path, prices) is { } fault)
                        return $"Node {i} of the tree: {fault}.";
                    if (Doubt is not null)
                        return null;
                    break;
                default:
                    return $"Node {i} of the tree is missing.";
            }
            // The case that a bin holds both is done: now the other. Where that is done, so is the branch.
            while (path.Count > 0 && (!path[^1].Together || path[^1].IsOnly))
                path.RemoveAt(path.Count - 1);
            if (path.Count == 0)
                return i == _proof.Nodes.Count - 1 ? null : $"The tree ends at node {i}, and there are {_proof.Nodes.Count}.";
            path[^1] = path[^1] with { Together = false };
        }
        return "The tree ends where a case is open.";
    }

    /// <summary>What a leaf would be in the other case.</summary>
    private string? ForcedFault(LeafCheck leaves, List<Step> path, RefutationNode.Forced forced)
    {
        var prices = new long[_weights.Length + path.Count(step => step.Together)];
        if ((uint)forced.First < (uint)prices.Length)
            prices[forced.First] = 1;
        return LeafFault(leaves, [.. path, new Step(forced.First, forced.Second, Together: false)], [.. prices]);
    }

    private string? LeafFault(LeafCheck leaves, List<Step> path, ValueList<long> prices)
    {
        var items = new RefutedItems(_weights, _left);
        foreach (var (first, second, together, _, fills) in path)
        {
            var conflicts = items.ConflictsOf(first).Count + (long)items.ConflictsOf(second).Count; // which a merged item has too
            if (!_budget.TryTake(StepBudget.Entry * (1 + conflicts)) || items.Conflicts + conflicts > RefutedItems.MaxConflicts)
                return Undecided();
            if ((together ? items.Merge(first, second) : items.Separate(first, second)) is { } fault)
                return fault;
            if (fills && (items.Conflicts > 0 || MaxItems() != BinLimits.Unlimited))
                return "Two items are said to share a bin that they fill, where there are conflicts or an item limit";
            if (fills && items.Weights[^1] != _proof.Capacity)
                return $"Types {first} and {second} do not fill a bin";
        }
        if (!_budget.TryTake(items.Counts.Count))
            return Undecided();
        if (prices.Count != items.Counts.Count)
            return $"There are {prices.Count} prices for {items.Counts.Count} types";
        BigInteger total = 0, inBin = 0;
        for (var type = 0; type < prices.Count; type++)
        {
            var (price, count, weight) = (prices[type], items.Counts[type], items.Weights[type]);
            if (price < 0)
                return $"Type {type} has the price {price}";
            total += (BigInteger)price * count;
            inBin += (BigInteger)price * (weight == 0 ? count : Math.Min(count, _proof.Capacity / weight));
        }
        if (inBin > LeafCheck.MaxWorth)
            return $"The prices add up to {inBin} in a bin";
        var share = (total + _bins - 1) / _bins;
        return leaves.CanBeWorth(items, prices.AsSpan(), (long)BigInteger.Min(share, LeafCheck.MaxWorth + 1)) switch
        {
            true => $"a bin can be worth {share}, and {_bins} of them all of the {total}",
            false => null,
            null => Undecided(),
        };
    }

    private string? Undecided()
    {
        Doubt = $"The tree is not decided within {_steps} steps and {RefutedItems.MaxConflicts} conflicts.";
        return null;
    }

    /// <summary>A step from the root.</summary>
    /// <param name="First">A type.</param>
    /// <param name="Second">The other type, or the same.</param>
    /// <param name="Together">Whether some bin holds both, or none does.</param>
    /// <param name="IsOnly">Whether there is no other case.</param>
    /// <param name="Fills">Whether the two are to fill a bin.</param>
    private readonly record struct Step(int First, int Second, bool Together = true, bool IsOnly = false, bool Fills = false);
}
