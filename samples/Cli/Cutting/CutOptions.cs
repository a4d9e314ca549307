using System.CommandLine;
using PackingKit.Samples;

namespace PackingKit.Cli;

/// <summary>The options that tell what there is to cut from, what cutting takes, and how the list is printed.</summary>
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

    private readonly Option<ItemsForm?> _form = new Option<ItemsForm?>("--items")
    {
        Description =
            "How the plan is printed: text, a list to cut by (the default); html, the same as a page to print; csv, the lines of the file "
            + "with the number of the bin and its length; json.",
    }.AcceptOnlyFromAmong([.. Enum.GetNames<ItemsForm>().Select(name => name.ToLowerInvariant())]);

    private readonly Option<string?> _id = new("--id")
    {
        Description = "For CSV: the column of names. By default an item is called by its line.",
        HelpName = "NAME|INDEX",
    };

    private readonly Option<string?> _unit = new("--unit") { Description = "What lengths are measured in, such as mm." };

    public void AddTo(Command command)
    {
        _stock.Required = true;
        HelpPage.Group("Stock", _stock, _kerf, _trimStart, _trimEnd, _keep, _fewerPatterns);
        HelpPage.Group("Items", _form, _id, _unit);
        foreach (var option in new Option[]
            { _stock, _kerf, _trimStart, _trimEnd, _keep, _fewerPatterns, _form, _id, _unit })
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

    public ItemsForm Form(ParseResult parsed) => parsed.GetValue(_form) ?? ItemsForm.Text;

    public string? Id(ParseResult parsed) => parsed.GetValue(_id);

    public string Unit(ParseResult parsed) => parsed.GetValue(_unit) ?? "";

    private static Option<decimal?> NotNegative(string name, string description) =>
        NumberOption.Create<decimal>(name, description, value => value >= 0 ? null : "at least 0");
}
