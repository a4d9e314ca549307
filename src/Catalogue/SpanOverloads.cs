namespace PackingKit;

/// <summary>The span overloads of a strategy that is known only at run time. See <see cref="ISpanStrategy"/>.</summary>
public abstract class SpanOverloads
{
    private protected SpanOverloads()
    {
    }

    /// <inheritdoc cref="ISpanStrategy.Assign{T}"/>
    public abstract int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T>;

    /// <inheritdoc cref="ISpanStrategy.AssignRows{T}"/>
    public abstract int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>;

    internal sealed class Of<TStrategy> : SpanOverloads
        where TStrategy : ISpanStrategy
    {
        public override int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem) =>
            TStrategy.Assign(sizes, limits, binOfItem);

        public override int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices) =>
            TStrategy.AssignRows(sizes, limits, binOffsets, itemIndices);
    }
}
