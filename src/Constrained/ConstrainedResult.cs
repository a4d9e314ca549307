using System.Globalization;

namespace PackingKit;

/// <summary>What is known of a <see cref="ConstrainedProblem"/> after a strategy has worked on it.</summary>
public enum ConstrainedStatus
{
    /// <summary>A packing was found; one with fewer bins may exist.</summary>
    Feasible,

    /// <summary>A packing was found, and no other has fewer bins.</summary>
    Optimal,

    /// <summary>There is no packing, and that is proved: bins cannot all have their least load.</summary>
    Infeasible,

    /// <summary>No packing was found in which all bins have their least load; there may be one.</summary>
    Unknown,
}

/// <summary>A packing of a <see cref="ConstrainedProblem"/>, or why there is none. Immutable, thread-safe.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ConstrainedResult
{
    /// <summary>Stands for the bin of an item that is left out.</summary>
    public const int NoBin = -1;

    private readonly int[] _binOfItem;
    private readonly IntRows _items;
    private readonly bool _isInfeasible;

    /// <summary>A packing from the bin of each item. Whether it keeps the rules is for <see cref="ConstrainedChecker"/>. O(n).</summary>
    /// <param name="problem">What was packed.</param>
    /// <param name="strategy">Id of the strategy.</param>
    /// <param name="binOfItem">
    /// From 0 up, each number up to the highest at least once, or <see cref="NoBin"/>: just for the items that the problem leaves out.
    /// </param>
    /// <param name="bound">What is known of the fewest bins.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There is not one bin for each item, an item is in none, or a bin is empty.</exception>
    public ConstrainedResult(ConstrainedProblem problem, string strategy, ReadOnlySpan<int> binOfItem, LowerBound bound)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(strategy);
        if (binOfItem.Length != problem.ItemCount)
            throw new ArgumentException($"{problem.ItemCount} items need one bin each, not {binOfItem.Length}.", nameof(binOfItem));
        (Problem, Strategy, Bound, _binOfItem, HasPacking) = (problem, strategy, bound, binOfItem.ToArray(), true);
        List<(int Bin, int Item)> entries = [];
        for (var item = 0; item < _binOfItem.Length; item++)
        {
            var bin = _binOfItem[item];
            if ((uint)bin >= (uint)_binOfItem.Length && bin != NoBin)
                throw new ArgumentException($"Item {item} is in bin {bin}.", nameof(binOfItem));
            BinCount = Math.Max(BinCount, bin + 1);
            if (bin != NoBin)
                entries.Add((bin, item));
            else if (problem.Units.UnitOfItem[item] != PackingUnits.None)
                throw new ArgumentException($"Item {item} is in no bin.", nameof(binOfItem));
        }
        _items = new IntRows(BinCount, entries);
        for (var bin = 0; bin < BinCount; bin++)
            if (_items[bin].IsEmpty)
                throw new ArgumentException($"Bin {bin} is empty.", nameof(binOfItem));
    }

    private ConstrainedResult(ConstrainedProblem problem, string strategy, LowerBound bound, bool isInfeasible)
    {
        (Problem, Strategy, Bound, _isInfeasible, _binOfItem) = (problem, strategy, bound, isInfeasible, new int[problem.ItemCount]);
        _binOfItem.AsSpan().Fill(NoBin);
        _items = new IntRows(0, []);
    }

    /// <summary>The answer that no packing was found.</summary>
    /// <param name="problem">What was to be packed.</param>
    /// <param name="strategy">Id of the strategy.</param>
    /// <param name="bound">What is known of the fewest bins.</param>
    /// <param name="isInfeasible">Whether it is proved that there is none.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static ConstrainedResult WithoutPacking(ConstrainedProblem problem, string strategy, LowerBound bound, bool isInfeasible)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(strategy);
        return new(problem, strategy, bound, isInfeasible);
    }

    /// <summary>What was packed.</summary>
    public ConstrainedProblem Problem { get; }

    /// <summary>Id of the strategy.</summary>
    public string Strategy { get; }

    /// <summary>No packing has fewer bins than this bound.</summary>
    public LowerBound Bound { get; }

    /// <summary>Why the strategy stopped.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>Whether there is a packing; else no item is in a bin, and <see cref="Status"/> tells why.</summary>
    public bool HasPacking { get; }

    /// <summary>Number of bins.</summary>
    public int BinCount { get; }

    /// <summary>The bin of each item; <see cref="NoBin"/> for those left out.</summary>
    public ReadOnlySpan<int> BinOfItem => _binOfItem;

    /// <summary>Bins beyond the bound; 0 proves the packing optimal. Meaningless without a packing.</summary>
    public long Gap => BinCount - Bound.Bins;

    /// <summary>What is known. <see cref="ConstrainedStatus.Optimal"/> whenever the number of bins equals the bound.</summary>
    public ConstrainedStatus Status => HasPacking ? Gap == 0 ? ConstrainedStatus.Optimal : ConstrainedStatus.Feasible
        : _isInfeasible ? ConstrainedStatus.Infeasible : ConstrainedStatus.Unknown;

    /// <summary>The items of a bin, in input order.</summary>
    /// <param name="bin">From 0 to <see cref="BinCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bin"/> is outside that range.</exception>
    public ReadOnlySpan<int> ItemsOf(int bin) => (uint)bin < (uint)BinCount ? _items[bin]
        : throw new ArgumentOutOfRangeException(nameof(bin), bin, $"There are {BinCount} bins.");

    /// <summary>What a bin holds of a resource. O(items in the bin).</summary>
    /// <param name="bin">From 0 to <see cref="BinCount"/> - 1.</param>
    /// <param name="resource">From 0 to <see cref="ConstrainedProblem.ResourceCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public long Load(int bin, int resource = 0)
    {
        if ((uint)resource >= (uint)Problem.ResourceCount)
            throw new ArgumentOutOfRangeException(nameof(resource), resource, $"There are {Problem.ResourceCount} resources.");
        long load = 0;
        foreach (var item in ItemsOf(bin))
            load += Problem.SizesOf(item)[resource];
        return load;
    }

    /// <summary>The packing for all that takes one: layouts, metrics, records.</summary>
    /// <exception cref="InvalidOperationException">There is none, or items are left out, which a packing cannot tell.</exception>
    public Packing ToPacking() => HasPacking && Problem.LeftOut.Count == 0 ? Packing.FromAssignment(_binOfItem, BinCount)
        : throw new InvalidOperationException(
            HasPacking ? $"{Plural.Of(Problem.LeftOut.Count, "item")} left out." : "There is no packing.");

    /// <summary>"2 bins, bound 2 (clique): Optimal", or "no packing: Infeasible".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(HasPacking ? $"{Plural.Of(BinCount, "bin")}, bound {Bound}" : "no packing")}: {Status}");
}
