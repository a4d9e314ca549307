namespace PackingKit;

/// <summary>
/// <see cref="SubtreePacking"/>; where it does not meet the bound of the tree, once more with <see cref="Automatic"/> in the place of
/// best-fit decreasing; then column generation with the knapsack on the tree raises the bound and dives for fewer passes; then, with few
/// prompts, a search tries all that could need fewer passes. It ends as soon as passes and bound meet.
/// </summary>
/// <remarks>
/// <para>Guarantee: never more passes than <see cref="SubtreePacking"/>; the bound is in integers, and <see cref="PrefixChecker"/> verifies
/// it without this strategy, unless the search is behind it. Column generation is tried up to <see cref="MaxLeaves"/> leaves, the search up
/// to 100: the traces of docs/prefixes.md need neither, because the heuristics meet the bound of the tree.</para>
/// <para>It may stop without a proof though there is time: the search gives up after so many linear programs and table entries, some
/// seconds, and above 100 leaves there is none. Then <see cref="PrefixResult.StopReason"/> is <see cref="StopReason.WorkLimit"/>, and the
/// passes may or may not be the fewest.</para>
/// <para>Complexity: that of <see cref="SubtreePacking"/>; each round of column generation solves a linear program with a row for each leaf
/// and up to twelve knapsack tables of at most 0.3 GB.</para>
/// <para>Reference: Gilmore, Gomory, Operations Research 9 (1961), for the columns; Johnson, Niemi, Mathematics of Operations Research 8
/// (1983), for the knapsack.</para>
/// </remarks>
/// <param name="options">Time limit, stop and seed; <see langword="null"/> for <see cref="SearchOptions.Default"/>.</param>
public sealed class CertifiedPasses(SearchOptions? options = null) : IPrefixStrategy
{
    /// <summary>The most leaves that column generation is tried with.</summary>
    public const int MaxLeaves = 2_000;

    /// <summary>Dives for fewer passes, each with other choices where several are near.</summary>
    private const int Dives = 8;

    private readonly SearchOptions _options = options ?? SearchOptions.Default;

    /// <inheritdoc/>
    public string Id => "certified";

    /// <inheritdoc/>
    public PrefixResult Pack(PrefixProblem problem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var clock = Stopwatch.StartNew();
        var limit = _options.TimeLimit / 2; // for the bound; dives have the other half
        var bound = PrefixBound.Tree(problem);
        var best = SubtreePacking.Best(problem, bound.Passes, TreeOrder.Cut(problem), BestFitDecreasing.Assign, cancellationToken);
        best = SubtreePacking.Best(problem, bound.Passes, best, Ladder, cancellationToken);
        if (best.Passes == bound.Passes || problem.Leaves.Length > MaxLeaves)
            return Result(best.Passes == bound.Passes ? StopReason.BoundReached : StopReason.WorkLimit);

        using var columns = new PassColumns(problem, LinearPrograms.Create, IsUp);
        AddPasses(columns, best);
        AddPasses(columns, TreeOrder.Cut(problem));
        columns.Bound(best.Passes);
        limit = _options.TimeLimit;
        if (columns.Best.Passes > bound.Passes)
            bound = new PrefixBound(columns.Best.Passes, Prices(problem, columns.Best.Prices, columns.Best.Limit));
        var random = new Random(_options.Seed);
        for (var dive = 0; dive < Dives && best.Passes > bound.Passes && !IsUp(); dive++)
            if (columns.Dive(best.Passes, random) is { } passes)
                best = (Assign(problem.Leaves.Length, passes), passes.Count);
        while (best.Passes > bound.Passes && problem.Leaves.Length <= PassSearch.MaxLeaves)
        {
            var search = new PassSearch(problem, columns, IsUp);
            if (search.Find(best.Passes - 1) is { } fewer)
                best = (Assign(problem.Leaves.Length, fewer), fewer.Count);
            else if (search.GaveUp)
                break;
            else
                bound = new PrefixBound(best.Passes, IsBySearch: true);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return Result(best.Passes == bound.Passes ? StopReason.BoundReached : IsUp() ? _options.CutShort : StopReason.WorkLimit);

        int Ladder(ReadOnlySpan<long> sizes, BinLimits capacity, Span<int> binOfItem)
        {
            var packed = new Automatic().Pack(PackingProblem.Create(sizes, capacity), cancellationToken: cancellationToken).Packing;
            packed.BinOfItem.CopyTo(binOfItem);
            return packed.BinCount;
        }

        bool IsUp() =>
            cancellationToken.IsCancellationRequested || _options.Stop.IsCancellationRequested || clock.Elapsed >= limit;

        PrefixResult Result(StopReason reason) =>
            new(problem, Id, problem.Spread(best.PassOfLeaf), best.Passes, bound) { StopReason = reason };
    }

    private static void AddPasses(PassColumns columns, (int[] PassOfLeaf, int Passes) packed)
    {
        foreach (var pass in Enumerable.Range(0, packed.PassOfLeaf.Length).GroupBy(leaf => packed.PassOfLeaf[leaf]))
            columns.Add([.. pass]);
    }

    /// <summary>Each leaf in the first pass that has it; a dive takes no pass whose leaves all are in others.</summary>
    private static int[] Assign(int leaves, List<int[]> passes)
    {
        var passOfLeaf = new int[leaves];
        passOfLeaf.AsSpan().Fill(PrefixResult.NoPass);
        for (var pass = 0; pass < passes.Count; pass++)
            foreach (var leaf in passes[pass])
                if (passOfLeaf[leaf] == PrefixResult.NoPass)
                    passOfLeaf[leaf] = pass;
        return passOfLeaf;
    }

    /// <summary>The price of a leaf goes to the first prompt that ends there.</summary>
    private static PrefixPrices Prices(PrefixProblem problem, long[] prices, long limit)
    {
        var ofPrompt = new long[problem.Forest.PromptCount];
        for (var leaf = 0; leaf < prices.Length; leaf++)
            ofPrompt[problem.Forest.PromptsOf(problem.Leaves[leaf])[0]] = prices[leaf];
        return new PrefixPrices(ValueList.Create<long>(ofPrompt), limit);
    }
}
