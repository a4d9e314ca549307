using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>
/// What pages list of the catalogue stands between two marks and is written by this test: run it with PACKINGKIT_UPDATE_DOCS=1 after a
/// change of the catalogue or of a page that is quoted.
/// </summary>
public class GeneratedBlockTests
{
    private static readonly Dictionary<(string Page, string Mark), Func<IEnumerable<string>>> Writers = new()
    {
        [(StrategyTableTests.Long, "strategies: others")] = Others,
        [("docs/README.md", "strategies")] = Index,
        [("docs/guarantees.md", "strategies: proved")] = Proved,
        [("docs/guarantees.md", "strategies: nothing proved")] = NothingProved,
    };

    public static readonly TheoryData<string, string> Blocks = [.. Writers.Keys.Select(block => (block.Page, block.Mark))];

    [Theory, MemberData(nameof(Blocks))]
    public void A_block_says_what_the_catalogue_says(string page, string mark)
    {
        var lines = File.ReadAllLines(Repository.PathOf(page));
        var (begin, end) = (Array.IndexOf(lines, $"<!-- {mark} -->") + 1, Array.IndexOf(lines, $"<!-- /{mark} -->"));
        Assert.True(begin > 0 && end >= begin, $"{page} has no lines <!-- {mark} --> and <!-- /{mark} -->.");
        string[] expected = [.. Writers[(page, mark)]()], found = lines[begin..end];
        if (CommittedPicture.Updates && !expected.SequenceEqual(found))
            File.WriteAllLines(Repository.PathOf(page), [.. lines[..begin], .. expected, .. lines[end..]]);
        else
            Assert.True(expected.SequenceEqual(found), string.Join('\n', [
                $"{page} differs from the catalogue ({CommittedPicture.Update}=1 writes it):",
                .. expected.Except(found).Select(line => $"missing: {line}"),
                .. found.Except(expected).Select(line => $"wrong: {line}"),
                .. expected.Except(found).Concat(found.Except(expected)).Any() ? (string[])[] : ["The lines are in another order."],
            ]));
    }

    /// <summary>Every strategy: id, words, whether items may wait, and the first sentence of "When to pick it".</summary>
    private static IEnumerable<string> Index() =>
    [
        "| id | in words | items | when to pick it |",
        "|---|---|---|---|",
        .. PackingStrategies.All.Select(info =>
            $"| [`{info.Id}`](strategies/{info.Id}.md) | {info.Words} | {(info.IsOnline ? "as they come" : "all at once")} "
            + $"| {StrategyPage.Section(info.Id, "When to pick it").Split(". ")[0].TrimEnd('.')} |"),
    ];

    private static IEnumerable<string> Proved() =>
    [
        "| strategy | bins, for every input |",
        "|---|---|",
        .. PackingStrategies.All.Where(info => info.Guarantees.Count > 0).Select(info =>
            $"| [`{info.Id}`](strategies/{info.Id}.md#guarantee) | {string.Join(", ", info.Guarantees.Select(ratio => $"≤ {ratio}"))} |"),
    ];

    private static IEnumerable<string> NothingProved() =>
        PackingStrategies.All.Where(info => info.Guarantees.Count == 0).Select(info =>
            $"- [`{info.Id}`](strategies/{info.Id}.md#guarantee) has no factor that is proved for every input.");

    /// <summary>What the table of docs/strategies leaves out.</summary>
    private static IEnumerable<string> Others()
    {
        var others = PackingStrategies.Ids.Except(StrategyTableTests.Rows(StrategyTableTests.Long).Select(row => row.Id));
        return [$"Others: {string.Join(", ", others.Select(id => $"`{id}`"))}."];
    }
}
