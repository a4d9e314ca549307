namespace PackingKit;

/// <summary>
/// Pairs of types and how many bins of the relaxation's solution each pair shares. Ryan and Foster (1981) branch on them: either the two
/// types never share a bin, or two of their items are merged.
/// </summary>
internal static class RyanFosterPairs
{
    /// <summary>The pairs that share some part of a bin.</summary>
    public static Dictionary<(int A, int B), double> Of(ItemTypes items, RestrictedMaster master)
    {
        var shares = new Dictionary<(int, int), double>();
        foreach (var (pattern, value) in master.Taken(SearchTuning.Tolerance).Where(column => column.Pattern.IsWithin(items.Demands)))
            for (var i = 0; i < pattern.Types.Length; i++)
                for (var j = pattern.Copies[i] > 1 ? i : i + 1; j < pattern.Types.Length; j++)
                {
                    var pair = (pattern.Types[i], pattern.Types[j]);
                    shares[pair] = shares.GetValueOrDefault(pair) + value;
                }
        return shares;
    }

    /// <summary>The square of the part of a bin that the pair fills: heavy pairs decide most.</summary>
    public static double Weight(ItemTypes items, (int A, int B) pair)
    {
        var joint = (double)(items.Weights[pair.A] + items.Weights[pair.B]) / items.Capacity;
        return joint * joint;
    }
}
