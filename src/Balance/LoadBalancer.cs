namespace PackingKit;

/// <summary>
/// Spreads items as evenly as it can within capacity and item limit, which hold by construction. It begins with a packing, or with longest
/// first under the same limits where that fits and is more even; then single items move out of the bin with the largest load, or change
/// places with a cheaper item elsewhere. Costs and sizes may differ: for attention the sizes are tokens, which the capacity limits, and the
/// costs their squares, which measure the work.
/// </summary>
public static class LoadBalancer
{
    /// <summary>Improves a packing until no single move or exchange lowers the largest load, or the bound is met.</summary>
    /// <param name="problem">Sizes, capacity and item limit; they hold for the result by construction.</param>
    /// <param name="packing">A packing of the problem to begin with, from any strategy; bins may be empty.</param>
    /// <param name="costs">What each item adds to the load of its bin, not negative.</param>
    /// <param name="bins">
    /// Number of bins to use, at least 1. More than the packing has begin empty; where it has more, another packing into that many is
    /// looked for, by longest first and by <see cref="Automatic"/>.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <remarks>
    /// The largest load is never above that of the packing, where that is not in more bins, and each step lowers the load of a fullest bin.
    /// The beginning costs O(n log n + n · bins), a step the number of items in the fullest bin times the number of items. Deterministic. A
    /// multiset of loads that falls in lexicographic order cannot return, so it ends.
    /// </remarks>
    /// <exception cref="ArgumentException">The packing is not one of the problem, or there are not as many costs as items.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// No packing into so few bins was found, a cost is negative, or the total leaves the range of <see cref="long"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public static BalancingResult Improve(
        PackingProblem problem, Packing packing, ReadOnlySpan<long> costs, int bins, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(packing);
        if (costs.Length != problem.ItemCount)
            throw new ArgumentException($"There are {costs.Length} costs for {problem.ItemCount} items.", nameof(costs));
        var faults = PackingValidator.Validate(problem, packing).Where(violation => violation is not PackingViolation.EmptyBin);
        if (faults.FirstOrDefault() is { } violation)
            throw new ArgumentException($"The packing is not one of the problem: {violation}.", nameof(packing));
        var bound = BalancingBound.Compute(costs, bins); // checks the costs and the number of bins

        cancellationToken.ThrowIfCancellationRequested();
        var state = new State(problem, costs.ToArray(), bins, cancellationToken);
        if (WithoutEmptyBins(packing, bins) is { } start)
        {
            var given = state.Load(start);
            if (!state.TryLongestFirst() || state.Fullest().Load >= given)
                state.Load(start);
        }
        else if (!state.TryLongestFirst())
        {
            var fewest = new Automatic().Pack(problem, progress: null, cancellationToken).Packing;
            state.Load(WithoutEmptyBins(fewest, bins) ?? throw new ArgumentOutOfRangeException(
                nameof(bins), bins,
                $"No packing into {bins} bins was found; the one given has {packing.BinCount}, `auto`'s {fewest.BinCount}."));
        }
        while (state.Fullest().Load > bound && state.Improve())
        {
        }
        return BalancingResult.Of(costs, bins, state.BinOfItem, "evening");
    }

    /// <summary>The bin of each item where empty bins are not counted, or null where there are more bins than wanted.</summary>
    private static int[]? WithoutEmptyBins(Packing packing, int bins)
    {
        var used = 0;
        var binOfItem = new int[packing.ItemCount];
        for (var bin = 0; bin < packing.BinCount; bin++)
        {
            foreach (var item in packing[bin])
                binOfItem[item] = used;
            used += packing[bin].Count > 0 ? 1 : 0;
        }
        return used <= bins ? binOfItem : null;
    }

    private sealed class State(PackingProblem problem, long[] costs, int bins, CancellationToken cancellationToken)
    {
        private BinState[] _bins = [];

        public int[] BinOfItem { get; } = new int[costs.Length];

        /// <summary>Starts from an assignment.</summary>
        /// <returns>The largest load.</returns>
        public long Load(int[] binOfItem)
        {
            Clear();
            for (var item = 0; item < binOfItem.Length; item++)
                Put(item, binOfItem[item]);
            return Fullest().Load;
        }

        /// <summary>Starts from items in decreasing cost, each in the least loaded of the bins that it fits into.</summary>
        /// <returns>Whether every item fits somewhere.</returns>
        public bool TryLongestFirst()
        {
            Clear();
            var order = new int[costs.Length];
            DecreasingOrder.Fill(costs, order);
            foreach (var item in order)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var lightest = -1;
                for (var bin = 0; bin < _bins.Length; bin++)
                    if (_bins[bin].Residual >= problem[item] && _bins[bin].Items.Count < MaxItems
                        && (lightest < 0 || _bins[bin].Load < _bins[lightest].Load))
                        lightest = bin;
                if (lightest < 0)
                    return false;
                Put(item, lightest);
            }
            return true;
        }

        public BinState Fullest() => _bins.MaxBy(bin => bin.Load)!;

        /// <summary>Makes the step that leaves the larger load of the two bins smallest, if any makes it smaller than it is.</summary>
        public bool Improve()
        {
            var full = Fullest();
            (long Larger, int Item, int Other, BinState? To) best = (full.Load, -1, -1, null);
            foreach (var to in _bins)
            {
                if (to == full)
                    continue;
                foreach (var item in full.Items)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Consider(item, other: -1, to);
                    foreach (var other in to.Items)
                        if (costs[other] < costs[item])
                            Consider(item, other, to);
                }
            }
            if (best.To is null)
                return false;
            var (fullIndex, toIndex) = (Array.IndexOf(_bins, full), Array.IndexOf(_bins, best.To));
            Take(best.Item, fullIndex);
            if (best.Other >= 0)
            {
                Take(best.Other, toIndex);
                Put(best.Other, fullIndex);
            }
            Put(best.Item, toIndex);
            return true;

            void Consider(int item, int other, BinState to)
            {
                var (cost, size) = (costs[item], problem[item]);
                if (other >= 0)
                    (cost, size) = (cost - costs[other], size - problem[other]);
                var larger = Math.Max(full.Load - cost, to.Load + cost);
                var fits = size <= to.Residual && -size <= full.Residual && (other >= 0 || to.Items.Count < MaxItems);
                if (larger < best.Larger && fits)
                    best = (larger, item, other, to);
            }
        }

        private long MaxItems => problem.Limits.MaxItems;

        private void Clear() => _bins = [.. Enumerable.Range(0, bins).Select(_ => new BinState(problem.Capacity))];

        private void Put(int item, int bin)
        {
            BinOfItem[item] = bin;
            _bins[bin].Items.Add(item);
            _bins[bin].Load += costs[item];
            _bins[bin].Residual -= problem[item];
        }

        private void Take(int item, int bin)
        {
            _bins[bin].Items.Remove(item);
            _bins[bin].Load -= costs[item];
            _bins[bin].Residual += problem[item];
        }
    }

    private sealed class BinState(long capacity)
    {
        public List<int> Items { get; } = [];

        public long Load { get; set; }

        public long Residual { get; set; } = capacity;
    }
}
