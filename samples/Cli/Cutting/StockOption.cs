using System.Globalization;

namespace PackingKit.Cli;

/// <summary>A kind of stock as it is typed: "6000", "6000@25.50", "10x4500@19".</summary>
/// <param name="Length">Above 0.</param>
/// <param name="Cost">Above 0; <see langword="null"/> where none is named.</param>
/// <param name="Count">How many there are, not negative; <see langword="null"/> for no end of them.</param>
internal sealed record StockOption(decimal Length, decimal? Cost, long? Count)
{
    public const string Form = "[COUNTx]LENGTH[@COST]";

    /// <summary>What a text says, or what is wrong with it.</summary>
    public static (StockOption? Stock, string? Mistake) Parse(string text)
    {
        var rest = text.AsSpan();
        long? count = null;
        decimal? cost = null;
        if (rest.IndexOf('x') is var times and >= 0)
        {
            if (!long.TryParse(rest[..times], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return (null, $"Cannot parse '{text}' of --stock: before the x stands how many there are, a whole number.");
            count = number;
            rest = rest[(times + 1)..];
        }
        if (rest.IndexOf('@') is var at and >= 0)
        {
            if (!IsPositive(rest[(at + 1)..], out var price))
                return (null, $"Cannot parse '{text}' of --stock: behind the @ stands what one costs, a number above 0.");
            cost = price;
            rest = rest[..at];
        }
        return IsPositive(rest, out var length) ? (new StockOption(length, cost, count), null)
            : (null, $"Cannot parse '{text}' of --stock: expected {Form}, such as 6000, 6000@25.50 or 10x4500@19.");
    }

    private static bool IsPositive(ReadOnlySpan<char> text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value > 0;
}
