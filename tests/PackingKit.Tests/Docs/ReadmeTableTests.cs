using System.Text.RegularExpressions;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// The table "Which strategy" of README.md is chosen and worded by hand; what it says of a strategy is what the catalogue says. The ids
/// that it leaves out stand below it, see <see cref="GeneratedBlockTests"/>.
/// </summary>
public partial class ReadmeTableTests
{
    public static readonly TheoryData<string> Ids = [.. Rows().Select(row => row.Id)];

    [Fact]
    public void No_strategy_has_two_rows_and_the_usual_ones_have_one()
    {
        Assert.Distinct(Rows().Select(row => row.Id));
        Assert.Superset(
            new HashSet<string> { "nf", "ff", "bf", "wf", "ss", "nfd", "ffd", "bfd", "wfd", "auto", "cp-sat", "tight", "exact" },
            Rows().Select(row => row.Id).ToHashSet());
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_words_and_the_guarantee_are_those_of_the_catalogue(string id)
    {
        var (info, row) = (PackingStrategies.Find(id), Rows().Single(row => row.Id == id));
        Assert.True(info.Words.StartsWith(row.Words, StringComparison.Ordinal), $"{id} is '{info.Words}', not '{row.Words}'.");
        var expected = info.StrongestRatio() is { } ratio ? $"≤ {ratio}" : "none";
        Assert.True(Regex.IsMatch(row.Guarantee, $@"^{Regex.Escape(expected)}\b(?! [−+])"),
            $"{id}: '{expected}' is proved, not '{row.Guarantee}'.");
    }

    public static IEnumerable<(string Id, string Words, string Guarantee)> Rows() =>
        from line in File.ReadLines(Repository.PathOf("README.md"))
        let row = Row().Match(line)
        where row.Success
        select (row.Groups["id"].Value, row.Groups["words"].Value, row.Groups["guarantee"].Value);

    [GeneratedRegex(@"^\| `(?<id>[^`]+)` (?<words>[^|]+) \| [^|]+ \| (?<guarantee>[^|]+) \| [^|]+ \|$")]
    private static partial Regex Row();
}
