using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class PackingStrategiesTests
{
    [Fact]
    public void The_catalogue_begins_with_the_heuristics_in_the_order_of_the_documentation() =>
        Assert.Equal(TextbookHeuristics.Ids, PackingStrategies.Ids.Take(TextbookHeuristics.Ids.Count));

    [Fact]
    public void Every_id_makes_the_strategy_of_that_name_and_has_words_of_its_own()
    {
        foreach (var id in PackingStrategies.Ids)
            Assert.Equal(id, PackingStrategies.Create(id).Id);
        Assert.Distinct(PackingStrategies.Ids);
        Assert.Distinct(PackingStrategies.Ids.Select(PackingStrategies.Find));
        Assert.Equal("first-fit decreasing", PackingStrategies.Find("ffd").Words);
    }

    [Fact]
    public void The_catalogue_cannot_be_changed() =>
        Assert.Throws<NotSupportedException>(() => ((IList<string>)PackingStrategies.Ids).Add("x"));

    [Fact]
    public async Task A_loop_over_the_catalogue_may_await()
    {
        var ids = new List<string>();
        foreach (var info in PackingStrategies.All)
        {
            await Task.Yield();
            ids.Add(info.Id);
        }
        Assert.Equal(PackingStrategies.Ids, ids);
    }

    [Fact]
    public void An_unknown_id_is_answered_with_those_there_are()
    {
        foreach (var ask in new Func<object>[] { () => PackingStrategies.Create("FFD"), () => PackingStrategies.Find("FFD") })
        {
            Refused.Wrong("id", ask, $"There is no strategy 'FFD'; there are {string.Join(", ", PackingStrategies.Ids)}.");
        }
        Refused.Null("id", () => PackingStrategies.Create(null!));
    }
}
