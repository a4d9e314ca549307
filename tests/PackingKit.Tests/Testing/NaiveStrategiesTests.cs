using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>One table of oracles, found by their mark alone.</summary>
public class NaiveStrategiesTests
{
    [Fact]
    public void Every_strategy_with_span_overloads_has_an_oracle_and_no_other_has() =>
        Assert.Equal(SpanOverload.Ids.Order(), NaiveStrategies.Ids.Order());

    [Theory]
    [InlineData("x"), InlineData("bfd2"), InlineData("")]
    public void An_unknown_id_is_refused_with_those_there_are(string id)
    {
        Refused.Wrong("id", () => NaiveStrategies.Assign(id, new PackingCase([1], 1)), $"There is no naive '{id}'; there are ");
        Refused.Wrong("id", () => NaiveStrategies.Bins(id, new PackingCase([1], 1)));
    }
}
