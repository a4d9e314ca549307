using System.CommandLine;

namespace PackingKit.Cli;

/// <summary>The options by which <c>pack</c> tells which item is in which bin, and the telling.</summary>
internal sealed class ItemsOptions
{
    private readonly Option<ItemsForm?> _form = new Option<ItemsForm?>("--items")
    {
        Description =
            "Print which item is in which bin: csv, the lines of the file with the number of the bin; json; text, a list to cut or load "
            + "by; html, the same as a page to print.",
    }.AcceptOnlyFromAmong([.. Enum.GetNames<ItemsForm>().Select(name => name.ToLowerInvariant())]);

    private readonly Option<string?> _id = new("--id")
    {
        Description = "With --items, for CSV: the column of names. By default an item is called by its line.",
        HelpName = "NAME|INDEX",
    };

    private readonly Option<string?> _unit = new("--unit") { Description = "With --items: what sizes are measured in, such as mm." };

    public void AddTo(Command command, Option<bool> json, Argument<string[]> files)
    {
        foreach (var option in new Option[] { _form, _id, _unit })
        {
            HelpPage.Group("Items", option);
            command.Options.Add(option);
        }
        command.Validators.Add(result =>
        {
            if (result.GetResult(_form) is null) // its value may be none that there is
            {
                foreach (var option in new[] { _id, _unit })
                    if (result.GetValue(option) is not null)
                        result.AddError($"{option.Name} is for --items.");
            }
            else if (result.GetValue(json))
                result.AddError("Say --items json or --json, not both.");
            else if (result.GetValue(files) is { Length: > 1 })
                result.AddError("--items takes one file at a time.");
        });
    }

    /// <summary>Whether items are to be told.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_form) is not null;

    /// <summary>What the lines of an input are called.</summary>
    /// <exception cref="InputException">The input has not what the options ask for.</exception>
    public ItemRows Name(ParseResult parsed, Input input)
    {
        if (parsed.GetValue(_form) == ItemsForm.Csv)
            ItemsCsv.Check(input);
        return new ItemRows(input, parsed.GetValue(_id));
    }

    public void Write(ParseResult parsed, TextWriter output, Input input, ItemRows rows, PackingResult result, string? countColumn)
    {
        var packed = PackedItems.Of(input, rows, result, parsed.GetValue(_unit) ?? "");
        ItemsList.Write(
            parsed.GetValue(_form)!.Value, output, packed, countColumn, () => ItemsJson.Write(output, packed, result));
    }
}

/// <summary>How a packing is told by the names of its items.</summary>
internal enum ItemsForm
{
    /// <summary>The lines of the file with a column of bins.</summary>
    Csv,

    /// <summary>Bins with their items, as one object.</summary>
    Json,

    /// <summary>A list to cut or to load by.</summary>
    Text,

    /// <summary>That list as a page to print.</summary>
    Html,
}
