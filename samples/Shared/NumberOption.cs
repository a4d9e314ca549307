using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace PackingKit.Samples;

/// <summary>Options whose value is a number, read the same in every culture: 0,5 is none.</summary>
internal static class NumberOption
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="range">What a value ought to be, such as "above 0"; <see langword="null"/> where it is right.</param>
    /// <param name="aliases">Other names.</param>
    public static Option<T?> Create<T>(string name, string description, Func<T, string?> range, params string[] aliases)
        where T : struct, INumber<T>
    {
        return new Option<T?>(name, aliases)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => Parse(result, result.Tokens.Count == 1 ? result.Tokens[0].Value : "", name, range),
        };
    }

    /// <summary>An option that takes several numbers.</summary>
    public static Option<T[]> CreateMany<T>(string name, string description, T byDefault, Func<T, string?> range)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = "N",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [byDefault],
            CustomParser = result => [.. result.Tokens.Select(token => Parse(result, token.Value, name, range))],
        };

    /// <summary>Seconds that a search may take.</summary>
    public static Option<double?> TimeLimit(string description) => Create<double>("--time-limit", description, seconds =>
        !(seconds > 0) ? "above 0" : seconds < 1e-6 ? "at least 0.000001" : seconds > 1e9 ? "at most 1000000000" : null);

    private static T Parse<T>(ArgumentResult result, string text, string name, Func<T, string?> range)
        where T : struct, INumber<T>
    {
        var isWhole = typeof(T) == typeof(int) || typeof(T) == typeof(long);
        var style = isWhole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        if (!T.TryParse(text, style, CultureInfo.InvariantCulture, out var value))
            result.AddError($"Cannot parse argument '{text}' for {name}: expected a {(isWhole ? "whole number" : "number")}.");
        else if (range(value) is { } wanted)
            result.AddError($"{name} must be {wanted}, not {text}.");
        return value;
    }
}
