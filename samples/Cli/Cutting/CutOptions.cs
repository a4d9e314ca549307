using System.CommandLine;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The options that tell what there is to cut from and what cutting takes.</summary>
internal sealed class CutOptions
{
    private readonly Option<StockOption[]?> _stock = ListOption.Create(
        "--stock",
        "The lengths that there are to cut from: how many (by default no end of them), the length, and what one costs (by default its "
        + "length). Several parted by commas, or the option again.",
        $"{StockOption.Form},...", StockOption.Parse);

    private readonly Option<decimal?> _kerf = NotNegative("--kerf", "What one cut takes. By default 0.");

    private readonly Option<decimal?> _trimStart = NotNegative(
        "--trim-start", "What is cut off the start of each length before use, that cut included. By default 0.");

    private readonly Option<decimal?> _trimEnd = NotNegative("--trim-end", "The same at the end. By default 0.");

    private readonly Option<decimal?> _keep = InputOptions.Positive<decimal>(
        "--keep", "The shortest remnant worth keeping. It is told as kept; the plan does not depend on it.");

    private readonly Option<bool> _fewerPatterns = new("--fewer-patterns")
    {
        Description = "At the least cost, look for a plan with fewer different ways to cut, which takes some seconds longer.",
    };

    public void AddTo(Command command)
    {
        _stock.Required = true;
        HelpPage.Group("Stock", _stock, _kerf, _trimStart, _trimEnd, _keep, _fewerPatterns);
        foreach (var option in new Option[] { _stock, _kerf, _trimStart, _trimEnd, _keep, _fewerPatterns })
            command.Options.Add(option);
    }

    /// <exception cref="InputException">Some have a cost and some have none.</exception>
    public StockOption[] Stock(ParseResult parsed)
    {
        var stock = parsed.GetRequiredValue(_stock)!;
        return stock.All(kind => kind.Cost is null) || stock.All(kind => kind.Cost is not null) ? stock
            : throw new InputException(["Name a cost for all of --stock, or for none."]);
    }

    public decimal Kerf(ParseResult parsed) => parsed.GetValue(_kerf) ?? 0;

    public decimal TrimStart(ParseResult parsed) => parsed.GetValue(_trimStart) ?? 0;

    public decimal TrimEnd(ParseResult parsed) => parsed.GetValue(_trimEnd) ?? 0;

    public decimal? Keep(ParseResult parsed) => parsed.GetValue(_keep);

    public bool FewerPatterns(ParseResult parsed) => parsed.GetValue(_fewerPatterns);

    private static Option<decimal?> NotNegative(string name, string description) =>
        NumberOption.Create<decimal>(name, description, value => value >= 0 ? null : "at least 0");
}
