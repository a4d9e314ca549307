namespace PackingKit;

/// <summary>Integer arithmetic that the language lacks.</summary>
internal static class Integers
{
    /// <summary>value / divisor, rounded up; 0 for values up to 0.</summary>
    public static long CeilingDivide(Int128 value, Int128 divisor) => value <= 0 ? 0 : (long)((value - 1) / divisor) + 1;
}
