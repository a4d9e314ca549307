namespace PackingKit;

/// <summary>
/// Sum-of-squares: each item, in arrival order, goes where it makes the sum of N(r)² least, N(r) being the number of open bins with
/// residual capacity r above 0; a new bin is one of the choices. Keeps the residuals varied, so that a later item fills some bin exactly.
/// </summary>
/// <remarks>
/// <para>Guarantee: none is claimed for every input. Asymptotically SS(I) ≤ 3·OPT(I) (Csirik et al. 2006); for every discrete
/// distribution of sizes whose least expected waste is sublinear, the expected waste is sublinear as well.</para>
/// <para>Complexity: O(n·R) time for at most R distinct residual capacities of open bins, O(n) rented space.</para>
/// <para>Ties: Equal sums: the fuller bin, then the lowest bin index; a new bin comes last.</para>
/// <para>Deterministic and thread-safe. Honours the item limit: a bin with its full number of items takes no more and leaves the
/// sum.</para>
/// <para>Reference: J. Csirik, D. S. Johnson, C. Kenyon, J. B. Orlin, P. W. Shor, R. R. Weber, On the sum-of-squares algorithm for bin
/// packing, Journal of the ACM 53, 2006.</para>
/// </remarks>
/// <example><code>var result = new SumOfSquares().Pack(PackingProblem.Create([6, 5, 4, 3, 2], 10));</code></example>
public sealed class SumOfSquares : IPackingStrategy, ISpanStrategy
{
    /// <inheritdoc/>
    public string Id => "ss";

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OnlineHeuristic.Pack(Id, SumOfSquaresByItem.Assign, SumOfSquaresByItem.Assign, problem, cancellationToken);

    /// <inheritdoc/>
    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.Assign(SumOfSquaresByItem.Assign, sizes, limits, binOfItem);

    /// <inheritdoc/>
    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T> =>
        OnlineHeuristic.AssignRows(SumOfSquaresByItem.Assign, sizes, limits, binOffsets, itemIndices);
}
