using System.Text.RegularExpressions;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// The tables "Which strategy" of README.md and of docs/strategies are chosen and worded by hand; what they say of a strategy is what the
/// catalogue says. The ids that the longer one leaves out stand below it, see <see cref="GeneratedBlockTests"/>.
/// </summary>
public partial class StrategyTableTests
{
    public const string Short = "README.md", Long = "docs/strategies/README.md";

    public static readonly TheoryData<string, string> Ids =
        [.. from page in (string[])[Short, Long] from row in Rows(page) select (page, row.Id)];

    [Fact]
    public void No_strategy_has_two_rows_and_the_usual_ones_have_one()
    {
        Assert.Distinct(Rows(Short).Select(row => row.Id));
        Assert.Distinct(Rows(Long).Select(row => row.Id));
        Assert.Superset(new HashSet<string> { "bfd", "auto", "exact" }, Rows(Short).Select(row => row.Id).ToHashSet());
        Assert.Superset(
            new HashSet<string> { "nf", "ff", "bf", "wf", "ss", "nfd", "ffd", "bfd", "wfd", "auto", "cp-sat", "tight", "exact" },
            Rows(Long).Select(row => row.Id).ToHashSet());
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_words_and_the_guarantee_are_those_of_the_catalogue(string page, string id)
    {
        var (info, row) = (PackingStrategies.Find(id), Rows(page).Single(row => row.Id == id));
        Assert.True(info.Words.StartsWith(row.Words, StringComparison.Ordinal), $"{id} is '{info.Words}', not '{row.Words}'.");
        var expected = info.StrongestRatio() is { } ratio ? $"≤ {ratio}" : "none";
        Assert.True(Regex.IsMatch(row.Guarantee, $@"^{Regex.Escape(expected)}\b(?! [−+])"),
            $"{id}: '{expected}' is proved, not '{row.Guarantee}'.");
    }

    public static IEnumerable<(string Id, string Words, string Guarantee)> Rows(string page) =>
        from line in File.ReadLines(Repository.PathOf(page))
        let row = Row().Match(line)
        where row.Success
        select (row.Groups["id"].Value, row.Groups["words"].Value, row.Groups["guarantee"].Value);

    [GeneratedRegex(@"^\| `(?<id>[^`]+)` (?<words>[^|]+) \| [^|]+ \| (?<guarantee>[^|]+) \| [^|]+ \|$")]
    private static partial Regex Row();
}
