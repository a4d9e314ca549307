namespace PackingKit;

/// <summary>What one bin takes: a capacity, and optionally a largest number of items.</summary>
/// <remarks>
/// A whole number converts to limits without an item limit, so that <c>PackingProblem.Create(sizes, 2048)</c> reads as it should. The
/// default value is no limits at all and is refused wherever limits are taken.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly record struct BinLimits
{
    /// <summary>The value of <see cref="MaxItems"/> where the number of items is not limited: no bin holds as many.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>Limits of every bin.</summary>
    /// <param name="capacity">What one bin holds, at least 1, in the unit of the sizes.</param>
    /// <param name="maxItems">The most items in one bin, at least 1; <see cref="Unlimited"/> for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1.</exception>
    public BinLimits(long capacity, long maxItems = Unlimited)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, 1);
        (Capacity, MaxItems) = (capacity, maxItems);
    }

    /// <summary>What one bin holds, at least 1.</summary>
    public long Capacity { get; }

    /// <summary>The most items in one bin, at least 1; <see cref="Unlimited"/> where their number is not limited.</summary>
    public long MaxItems { get; }

    /// <summary>Whether the number of items in a bin is limited.</summary>
    public bool HasItemLimit => MaxItems != Unlimited;

    /// <summary>A capacity without an item limit.</summary>
    public static implicit operator BinLimits(long capacity) => new(capacity);

    /// <summary>"2048", or "2048, at most 8 items"; "no limits" for the default value.</summary>
    public override string ToString() =>
        Capacity == 0 ? "no limits" : HasItemLimit ? $"{Capacity}, at most {Plural.Of(MaxItems, "item")}" : $"{Capacity}";

    /// <summary><see cref="MaxItems"/> for an algorithm that handles at most 2^31 - 1 items.</summary>
    internal int MaxItems32 => (int)Math.Min(MaxItems, int.MaxValue);

    /// <summary>Refuses the default value, which no constructor makes.</summary>
    internal void ThrowIfDefault(string argument)
    {
        if (Capacity < 1)
            throw new ArgumentOutOfRangeException(argument, Capacity, "The capacity must be at least 1.");
    }
}
