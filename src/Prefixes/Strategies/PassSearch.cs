namespace PackingKit;

/// <summary>
/// Whether so many passes are enough, by trying: every packing has the longest leaf that is left in some pass, and in one that no other
/// leaf that is left could join; each of these is taken in turn, as long as prices of column generation do not show that the rest needs
/// more. Complete unless it gives up.
/// </summary>
internal sealed class PassSearch(PrefixProblem problem, PassColumns columns, Func<bool> stop)
{
    /// <summary>The most leaves that it is worth trying with.</summary>
    public const int MaxLeaves = 100;

    /// <summary>Linear programs until it gives up: what needs more may need very many more.</summary>
    private const int MaxNodes = 2_000;

    /// <summary>Entries of knapsack tables until it gives up: some seconds.</summary>
    private const long MaxEntries = 4_000_000_000;

    /// <summary>Passes looked at until it gives up.</summary>
    private const int MaxPasses = 200_000;

    private readonly bool[] _isTaken = new bool[problem.Leaves.Length];
    private readonly List<int[]> _taken = [];
    private readonly long _entries = columns.TableEntries;
    private int _nodes, _passes;

    /// <summary>Whether it was stopped or reached a limit, so that nothing is known.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>As many passes or fewer that have every leaf; <see langword="null"/> where there are none, or it gave up.</summary>
    public List<int[]>? Find(long passes)
    {
        if (!_isTaken.Contains(false))
            return _taken;
        GaveUp |= ++_nodes > MaxNodes || columns.TableEntries - _entries > MaxEntries || stop();
        if (passes == 0 || GaveUp || columns.NeedMore(_isTaken, passes, out var prices, out var limit))
            return null;
        var total = prices.Aggregate(Int128.Zero, (sum, price) => sum + price);
        // What the other passes cannot hold, this one has to.
        var least = (long)Int128.Max(1, total - ((Int128)(passes - 1) * limit));
        var leaves = problem.Leaves;
        var longest = -1;
        for (var leaf = 0; leaf < leaves.Length; leaf++)
            if (!_isTaken[leaf] && (longest < 0 || problem.Forest.EndOf(leaves[leaf]) > problem.Forest.EndOf(leaves[longest])))
                longest = leaf;
        var choices = prices.Length == 0 ? null : columns.PassesWith(longest, prices, least, MaxPasses - _passes);
        if (choices is null)
        {
            GaveUp = true;
            return null;
        }
        _passes += choices.Count;
        foreach (var pass in choices.Where(IsMaximal).OrderByDescending(pass => pass.Sum(leaf => prices[leaf])))
        {
            Take(pass, true);
            if (Find(passes - 1) is { } found)
                return found;
            Take(pass, false);
            if (GaveUp)
                return null;
        }
        return null;
    }

    private void Take(int[] pass, bool isTaken)
    {
        foreach (var leaf in pass)
            _isTaken[leaf] = isTaken;
        if (isTaken)
            _taken.Add(pass);
        else
            _taken.RemoveAt(_taken.Count - 1);
    }

    /// <summary>Whether it fits, and no other leaf that is left does with it.</summary>
    private bool IsMaximal(int[] pass)
    {
        if (Tokens(pass) > problem.Budget)
            return false;
        for (var leaf = 0; leaf < _isTaken.Length; leaf++)
            if (!_isTaken[leaf] && !pass.Contains(leaf) && Tokens([.. pass.Append(leaf).Order()]) <= problem.Budget)
                return false;
        return true;
    }

    /// <summary>Tokens of leaves in order: of each, what it does not share with the one before it.</summary>
    private long Tokens(ReadOnlySpan<int> pass)
    {
        ReadOnlySpan<int> leaves = problem.Leaves, shared = problem.SharedWithLast;
        var tokens = 0L;
        for (var at = 0; at < pass.Length; at++)
        {
            tokens += problem.Forest.EndOf(leaves[pass[at]]);
            if (at == 0)
                continue;
            var least = int.MaxValue;
            for (var leaf = pass[at - 1] + 1; leaf <= pass[at]; leaf++)
                least = Math.Min(least, shared[leaf]);
            tokens -= least;
        }
        return tokens;
    }
}
