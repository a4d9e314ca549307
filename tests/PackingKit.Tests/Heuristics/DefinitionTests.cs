using FsCheck;
using FsCheck.Fluent;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>Every strategy whose oracle is quick enough fills bins of any number of items as its definition reads.</summary>
public class DefinitionTests
{
    public static readonly TheoryData<string> Ids = [.. NaiveStrategies.Ids.Except(NaiveFamily.IdsForFew)];

    [Theory, MemberData(nameof(Ids))]
    public void Bins_are_filled_as_the_definition_reads(string id) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200).WithQuietOnSuccess(true),
        Prop.ForAll(Arbitraries.Cases(), input => AssertBins(id, input)));

    [Fact]
    public void Best_two_fit_repeats_a_bin_only_where_its_last_item_is_there_to_give_way() =>
        AssertBins("b2f", new PackingCase([10, 11, 11, 4, 7, 12, 12, 6, 6, 8, 7, 10], 23));

    private static void AssertBins(string id, PackingCase input)
    {
        var problem = input.ToProblem();
        var bins = PackingStrategies.Create(id).Pack(problem).Packing.Bins.ToSizes(problem);
        Assert.Equal(NaiveStrategies.Bins(id, input), bins.Select(bin => bin.OrderDescending().ToArray()));
    }
}
