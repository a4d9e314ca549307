using System.CommandLine;

namespace PackingKit.Cli;

/// <summary>The options of the commands that print nothing but which item is in which bin, and the printing.</summary>
internal sealed class ItemsList
{
    private readonly Option<ItemsForm?> _form = new Option<ItemsForm?>("--items")
    {
        Description =
            "How the plan is printed: text, a list to cut or to load by (the default); html, the same as a page to print; csv, the lines "
            + "of the file with the number of the bin; json.",
    }.AcceptOnlyFromAmong([.. Enum.GetNames<ItemsForm>().Select(name => name.ToLowerInvariant())]);

    private readonly Option<string?> _id = new("--id")
    {
        Description = "For CSV: the column of names. By default an item is called by its line.",
        HelpName = "NAME|INDEX",
    };

    private readonly Option<string?> _unit = new("--unit") { Description = "What sizes are measured in, such as mm." };

    public void AddTo(Command command)
    {
        HelpPage.Group("Items", _form, _id, _unit);
        foreach (var option in new Option[] { _form, _id, _unit })
            command.Options.Add(option);
    }

    public string Unit(ParseResult parsed) => parsed.GetValue(_unit) ?? "";

    /// <summary>What the lines of an input are called.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="input">With its text.</param>
    /// <param name="areAlike">Whether bins have one capacity, so that it is not told for each.</param>
    /// <exception cref="InputException">The input has not what the options ask for.</exception>
    public ItemRows Name(ParseResult parsed, Input input, bool areAlike)
    {
        if (parsed.GetValue(_form) == ItemsForm.Csv)
            ItemsCsv.Check(input, areAlike);
        return new ItemRows(input, parsed.GetValue(_id));
    }

    public void Write(ParseResult parsed, TextWriter output, PackedItems packed, string? countColumn, Action writeJson) =>
        Write(parsed.GetValue(_form) ?? ItemsForm.Text, output, packed, countColumn, writeJson);

    /// <summary>Writes in the form asked for; JSON is each command's own.</summary>
    public static void Write(ItemsForm form, TextWriter output, PackedItems packed, string? countColumn, Action writeJson)
    {
        switch (form)
        {
            case ItemsForm.Csv:
                ItemsCsv.Write(output, packed, countColumn);
                break;
            case ItemsForm.Json:
                writeJson();
                break;
            case ItemsForm.Html:
                ItemsPage.Write(output, packed);
                break;
            default:
                ItemsText.Write(output, packed);
                break;
        }
    }
}
