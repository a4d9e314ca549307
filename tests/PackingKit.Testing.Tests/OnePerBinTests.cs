using Xunit;

namespace PackingKit.Testing.Tests;

/// <summary>A packer of one's own is tested in ten lines.</summary>
public class OnePerBinTests
{
    public static TheoryData<string> Rules => [.. StrategyContract.Rules];

    [Theory, MemberData(nameof(Rules))]
    public void My_packer_keeps_the_contract(string rule) => StrategyContract.Check(rule, new OnePerBin());

    [Theory, MemberData(nameof(Rules))]
    public void My_planner_keeps_the_contract(string rule) => StrategyContract.Check(rule, new PlannedOnePerBin());

    [Theory, MemberData(nameof(Rules))]
    public void My_span_overloads_keep_the_contract(string rule) => StrategyContract.Check(rule, new SpannedOnePerBin<NoFault>());
}
