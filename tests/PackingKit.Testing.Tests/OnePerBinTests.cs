using Xunit;

namespace PackingKit.Testing.Tests;

/// <summary>A packer of one's own is tested in ten lines, and each way of breaking the contract is found.</summary>
public class OnePerBinTests
{
    public static TheoryData<string> Rules => [.. StrategyContract.Rules];

    [Theory, MemberData(nameof(Rules))]
    public void My_packer_keeps_the_contract(string rule) => StrategyContract.Check(rule, new OnePerBin());

    [Theory]
    [InlineData("takes null", "a missing problem is named")]
    [InlineData("hears no token", "a cancelled token stops it")]
    [InlineData("swallows", "a progress that throws is heard or never asked")]
    [InlineData("loses its order", "the same input gives the same packing")]
    [InlineData("overfills", "packings are valid")]
    [InlineData("boasts", "bounds are at most the optimum")]
    [InlineData("has two names", "results name the strategy and know the problem")]
    public void A_fault_is_found_by_its_rule(string fault, string rule)
    {
        var broken = Assert.Throws<ContractException>(() => StrategyContract.Check(rule, new OnePerBin(fault)));
        Assert.Contains(rule, broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_rule_is_refused() =>
        Assert.Throws<ArgumentException>(() => StrategyContract.Check("no such rule", new OnePerBin()));
}
