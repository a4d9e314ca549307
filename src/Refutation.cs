namespace PackingKit;

/// <summary>
/// A proof that no packing has so few bins, which anybody can check in integers: a tree that asks of two types of items whether some bin
/// holds one of each, and prices at its leaves.
/// </summary>
/// <remarks>
/// <para>Types of items have numbers. First come those of <see cref="Sizes"/>, in their order from 0. Where a bin holds an item of type a
/// and one of type b, the two are merged into one item of a new type, which has the next number, the sum of their weights and the conflicts
/// of both; there is one item less of a and of b. Where no bin does, a and b are in conflict.</para>
/// <para>To check it: (1) weights: no bin that fits can hold more than <see cref="Capacity"/> in weight, which one knapsack decides; from
/// here on weights count. (2) Each of <see cref="Fixed"/> is in some packing into the fewest bins. (3) The bins that are left waste what
/// their capacity is above the weight that is left; where that is below 0 nothing else is needed. (4) Else at each leaf, no set of items
/// without conflict, within the capacity and the item limit, that leaves no more empty than that waste, is worth as much as the total price
/// of all items over the number of bins. Each is a knapsack.</para>
/// <para>A node may merge two types without another case, as <see cref="RefutationNode.Forced"/> and <see cref="RefutationNode.Fill"/>
/// say; that is checked too.</para>
/// <para>Branching is that of D. M. Ryan and B. A. Foster, 1981; prices are those of <see cref="DualPrices"/>. Immutable.</para>
/// </remarks>
/// <param name="Bins">The number of bins that no packing has, nor fewer.</param>
/// <param name="Capacity">What a bin takes in weight.</param>
/// <param name="Sizes">The sizes that are looked at, each once, with their weights; what else is to be packed needs no fewer bins.</param>
/// <param name="Fixed">Bins that some packing into the fewest bins has.</param>
/// <param name="Nodes">
/// The tree from its root, a branch followed by the nodes of the case that some bin holds both, then by those of the case that none does.
/// </param>
public sealed record Refutation(
    long Bins, long Capacity, ValueList<WeighedSize> Sizes, ValueList<FixedBins> Fixed, ValueList<RefutationNode> Nodes);

/// <summary>A size with the weight that stands for it in a proof.</summary>
/// <param name="Size">The size.</param>
/// <param name="Weight">Its weight, not negative.</param>
public readonly record struct WeighedSize(long Size, long Weight);

/// <summary>
/// Bins of one or two items, of which the second is as heavy as any set of the others that fits beside the first: what stands beside the
/// first in some packing can change places with it (S. Martello, P. Toth, 1990).
/// </summary>
/// <param name="First">Type of the first item.</param>
/// <param name="Second">Type of the second item; <see langword="null"/> where nothing fits beside the first.</param>
/// <param name="Bins">How many such bins, at least 1.</param>
public readonly record struct FixedBins(int First, int? Second, long Bins);

/// <summary>A node of the tree of a <see cref="Refutation"/>.</summary>
public abstract record RefutationNode
{
    private protected RefutationNode() { }

    /// <summary>Two cases: some bin holds an item of both types (two items where they are one type), or none does.</summary>
    /// <param name="First">A type.</param>
    /// <param name="Second">The other type, or the same.</param>
    public sealed record Branch(int First, int Second) : RefutationNode;

    /// <summary>
    /// Two types are merged because no bin that may be holds the first without the second: the other case of a branch, with a price of 1 on
    /// the first type and none on others, is plain. Followed by the nodes of the case that some bin holds both.
    /// </summary>
    /// <param name="First">The type that stands nowhere else.</param>
    /// <param name="Second">The other type.</param>
    public sealed record Forced(int First, int Second) : RefutationNode;

    /// <summary>
    /// Two items that fill a bin are merged, where there is no conflict yet and no item limit that binds: some packing has them in one bin,
    /// for what stands beside the one can change places with the other. Followed by the nodes of that case; there is no other.
    /// </summary>
    /// <param name="First">A type.</param>
    /// <param name="Second">The other type, or the same.</param>
    public sealed record Fill(int First, int Second) : RefutationNode;

    /// <summary>Prices under which the bins cannot hold all items.</summary>
    /// <param name="Prices">The price of each type by its number, not negative.</param>
    public sealed record Leaf(ValueList<long> Prices) : RefutationNode;
}
