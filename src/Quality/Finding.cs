namespace PackingKit;

/// <summary>One thing to know or to do, found by a fixed rule.</summary>
/// <param name="Rule">Short stable name of the rule: "take", "capacity".</param>
/// <param name="Number">What the rule rests on; the rule says which number that is (docs/choosing.md).</param>
/// <param name="Words">The same as a sentence.</param>
public sealed record Finding(string Rule, double Number, string Words)
{
    /// <summary>The words.</summary>
    public override string ToString() => Words;
}
