namespace PackingKit;

/// <summary>One way in which rows of items fail to be a packing of a problem.</summary>
public abstract record PackingViolation
{
    private protected PackingViolation() { }

    /// <summary>A row names an item that the problem does not have.</summary>
    /// <param name="Item">The number named.</param>
    /// <param name="Bin">The bin that names it.</param>
    public sealed record UnknownItem(int Item, int Bin) : PackingViolation;

    /// <summary>An item is in no bin.</summary>
    /// <param name="Item">The item.</param>
    public sealed record MissingItem(int Item) : PackingViolation;

    /// <summary>An item is in a bin for the second time or more.</summary>
    /// <param name="Item">The item.</param>
    /// <param name="FirstBin">The bin it was met in first.</param>
    /// <param name="Bin">The bin it was met in again.</param>
    public sealed record DuplicateItem(int Item, int FirstBin, int Bin) : PackingViolation;

    /// <summary>A bin holds more than the capacity.</summary>
    /// <param name="Bin">The bin.</param>
    /// <param name="Load">The sum of its sizes.</param>
    /// <param name="Capacity">What it may hold.</param>
    public sealed record OverCapacity(int Bin, Int128 Load, long Capacity) : PackingViolation;

    /// <summary>A bin holds more items than the limit.</summary>
    /// <param name="Bin">The bin.</param>
    /// <param name="Count">Number of items in it.</param>
    /// <param name="MaxItems">How many it may hold.</param>
    public sealed record TooManyItems(int Bin, int Count, long MaxItems) : PackingViolation;

    /// <summary>A bin holds nothing.</summary>
    /// <param name="Bin">The bin.</param>
    public sealed record EmptyBin(int Bin) : PackingViolation;

    /// <summary>An assignment puts an item into a bin that is not there.</summary>
    /// <param name="Item">The item.</param>
    /// <param name="Bin">The bin it names.</param>
    /// <param name="BinCount">Number of bins.</param>
    public sealed record UnknownBin(int Item, int Bin, int BinCount) : PackingViolation;

    /// <summary>A record states a figure that is not so.</summary>
    /// <param name="Figure">Its name in the record: "items".</param>
    /// <param name="Stated">What the record says.</param>
    /// <param name="Actual">What is so.</param>
    public sealed record WrongFigure(string Figure, string Stated, string Actual) : PackingViolation;
}
