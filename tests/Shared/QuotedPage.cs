using System.Globalization;
using System.Text.RegularExpressions;

namespace PackingKit.Testing;

/// <summary>A page of the documentation, for tests that hold what it quotes from the code to the code.</summary>
public sealed partial class QuotedPage(params string[] path)
{
    public string Text { get; } = File.ReadAllText(Repository.PathOf(path));

    /// <summary>The numbers of a sentence, wherever its lines break: each # stands for one, such as 5,000.</summary>
    public long[] Numbers(string sentence)
    {
        var pattern = Regex.Escape(sentence).Replace(@"\ ", @"\s+", StringComparison.Ordinal)
            .Replace(@"\#", @"(\d[\d,]*\b)", StringComparison.Ordinal);
        var match = Regex.Match(Text, pattern);
        return match.Success
            ? [.. match.Groups.Values.Skip(1)
                .Select(group => long.Parse(group.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{string.Join('/', path)} does not say: {sentence}");
    }

    /// <summary>The words in backticks in the first column of the table whose heading begins with a text, line by line.</summary>
    public string[] FirstCells(string heading)
    {
        var rows = Text.Split('\n').SkipWhile(line => !line.StartsWith($"| {heading} |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|')[1]);
        return [.. rows.SelectMany(row => Word().Matches(row).Select(word => word.Groups[1].Value))];
    }

    /// <summary>What stands between fences of a language, block by block.</summary>
    public IEnumerable<string> Blocks(string language)
    {
        var lines = Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if (lines[i] == $"```{language}")
                yield return string.Join('\n', lines[(i + 1)..].TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Word();
}
