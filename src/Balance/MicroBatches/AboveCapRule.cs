namespace PackingKit;

/// <summary>What becomes of a sample with more tokens than a micro-batch may have.</summary>
public enum AboveCapRule
{
    /// <summary>It is refused, with its index in the message.</summary>
    Refuse,

    /// <summary>It gets a micro-batch of its own, above the cap.</summary>
    Alone,

    /// <summary>It is in no micro-batch, and the result names it.</summary>
    LeaveOut,
}
