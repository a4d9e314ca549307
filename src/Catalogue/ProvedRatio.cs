namespace PackingKit;

/// <summary>
/// A proved worst case: for every input with at least one item and without item limit, bins · <paramref name="Denominator"/> ≤
/// <paramref name="Numerator"/> · OPT + <paramref name="Constant"/>.
/// </summary>
/// <param name="Numerator">Factor of the optimum.</param>
/// <param name="Denominator">Factor of the bins, at least 1.</param>
/// <param name="Constant">What is added, in parts of the denominator; may be negative.</param>
public readonly record struct ProvedRatio(int Numerator, int Denominator, int Constant = 0)
{
    /// <summary>Whether a number of bins is within the guarantee, decided in integers.</summary>
    public bool Holds(long bins, long optimum) => (Int128)bins * Denominator <= ((Int128)optimum * Numerator) + Constant;

    /// <summary>"2·OPT − 1", "11/9·OPT + 6/9".</summary>
    public override string ToString() =>
        $"{Part(Numerator)}·OPT" + (Constant == 0 ? "" : Constant < 0 ? $" − {Part(-Constant)}" : $" + {Part(Constant)}");

    private string Part(int value) => Denominator == 1 ? $"{value}" : $"{value}/{Denominator}";
}
