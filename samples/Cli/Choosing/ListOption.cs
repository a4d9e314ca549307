using System.CommandLine;
using System.Globalization;

namespace PackingKit.Cli;

/// <summary>Options whose value is a list parted by commas.</summary>
internal static class ListOption
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="helpName">What stands for the list in the help.</param>
    /// <param name="parse">The value of a text, or what is wrong with it.</param>
    public static Option<T[]?> Create<T>(
        string name, string description, string helpName, Func<string, (T? Value, string? Mistake)> parse) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                List<T> values = [];
                foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
                {
                    var (value, mistake) = parse(text);
                    if (mistake is not null)
                        result.AddError(mistake);
                    else
                        values.Add(value!);
                }
                return [.. values];
            },
        };

    /// <summary>Numbers above 0, read the same in every culture.</summary>
    public static Option<decimal[]?> Numbers(string name, string description) => Create(name, description, "N,N,...", text =>
        !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? (0m, $"Cannot parse '{text}' of {name}: expected a number.")
        : value > 0 && value <= long.MaxValue ? (value, null) : (0m, $"{name} must be above 0, not {text}."));
}
