using Xunit;

namespace PackingKit.Testing.Tests;

/// <summary>Each way of breaking the contract is found, by the rules that it breaks and by no other.</summary>
public class ContractFaultTests
{
    [Theory]
    [InlineData("takes null", "a missing problem is named")]
    [InlineData("hears no token", "a cancelled token stops it")]
    [InlineData("breaks off", "a token cancelled during the work ends it soon")]
    [InlineData("works on", "a token cancelled during the work ends it soon")]
    [InlineData("swallows", "a progress that throws is heard or never asked")]
    [InlineData("has two names", "results name the strategy and know the problem")]
    [InlineData("swaps the problem", "results name the strategy and know the problem")]
    [InlineData("ignores the item limit", "item limits are kept")]
    [InlineData("boasts", "bounds are at most the optimum")]
    [InlineData("says that it met the bound", "optimal is said only when true")]
    [InlineData("knows its thread", "every thread gets the same packing")]
    public void A_fault_of_a_packer_is_found_by_its_rule(string fault, string rule) => Breaks(new OnePerBin(fault), rule);

    /// <summary>One fault can break several promises: an invalid packing is one in every rule that packs so many items.</summary>
    [Theory]
    [InlineData("overfills beyond nine items",
        "a token cancelled during the work ends it soon", "packings are valid", "item limits are kept")]
    [InlineData("alternates beyond nine items", "the same input gives the same packing", "every thread gets the same packing")]
    [InlineData("is always optimal", "bounds are at most the optimum", "optimal is said only when true")]
    [InlineData("bounds above its bins", "bounds are at most the number of bins", "bounds are at most the optimum")]
    public void A_fault_that_breaks_several_promises_is_found_by_each_rule(string fault, params string[] rules) =>
        Breaks(new OnePerBin(fault), rules);

    [Theory]
    [InlineData("packs what it did not plan", "a plan gives the packing")]
    [InlineData("bounds what it did not plan", "a plan gives the packing")]
    [InlineData("plans for null", "bad arguments of a plan are named")]
    [InlineData("plans without limits", "bad arguments of a plan are named")]
    [InlineData("plans sizes above the capacity", "bad arguments of a plan are named")]
    public void A_fault_of_a_planner_is_found_by_its_rule(string fault, string rule) => Breaks(new PlannedOnePerBin(fault), rule);

    [Fact]
    public void A_fault_of_a_span_overload_is_found_by_its_rule()
    {
        Breaks(new SpannedOnePerBin<WrongAssign>(), "span overloads give the packing");
        Breaks(new SpannedOnePerBin<WrongAssignRows>(), "span overloads give the packing");
    }

    [Fact]
    public void What_a_strategy_throws_is_passed_on()
    {
        var broken = Assert.Throws<ContractException>(() => StrategyContract.Check("no items need no bins", new OnePerBin("crashes")));
        Assert.Equal("Crashed.", Assert.IsType<InvalidOperationException>(broken.InnerException).Message);
        Assert.Equal("'one-per-bin' breaks the rule 'no items need no bins'. It throws on [] in bins of 5: Crashed.", broken.Message);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.Equal("rule", Assert.Throws<ArgumentException>(() => StrategyContract.Check("no such rule", new OnePerBin())).ParamName);
        var rule = StrategyContract.Rules[0];
        Assert.Equal("strategy", Assert.Throws<ArgumentNullException>(() => StrategyContract.Check(rule, null!)).ParamName);
        Assert.Equal("cases", Refused(() => StrategyContract.Check(rule, new OnePerBin(), cases: 0)));
        Assert.Equal("maxItems", Refused(() => StrategyContract.Check(rule, new OnePerBin(), maxItems: 0)));
    }

    private static string? Refused(Action act) => Assert.Throws<ArgumentOutOfRangeException>(act).ParamName;

    private static void Breaks(IPackingStrategy strategy, params string[] rules) =>
        Assert.Equal(rules, StrategyContract.Rules.Where(rule => IsBroken(rule, strategy)));

    private static bool IsBroken(string rule, IPackingStrategy strategy)
    {
        try
        {
            StrategyContract.Check(rule, strategy);
            return false;
        }
        catch (ContractException broken)
        {
            Assert.Contains($"'{rule}'", broken.Message, StringComparison.Ordinal);
            Assert.NotNull(broken.InnerException);
            return true;
        }
    }
}
