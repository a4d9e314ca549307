using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class LinearProgramTests
{
    private static readonly Dictionary<string, Func<int, ILinearProgram>> Solvers = new()
    {
        ["CLP"] = rows => new ClpProgram(rows),
        ["HiGHS"] = rows => new HighsProgram(rows),
        ["GLOP"] = rows => new GlopProgram(rows),
    };

    public static TheoryData<string> Names => [.. Solvers.Keys];

    [Fact]
    public void The_native_runtime_carries_CLP_and_HiGHS_here() =>
        Assert.True((ClpProgram.IsAvailable || OperatingSystem.IsWindows()) && HighsProgram.IsAvailable);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_solver_grows_and_solves_again(string name)
    {
        using var program = Solvers[name](2);
        program.AddColumn(1, [0], [2]);
        program.AddColumn(1, [1], [1]);
        program.SetDemands([4, 3]);
        program.SetUpperLimits([double.PositiveInfinity, double.PositiveInfinity]);
        Assert.True(program.Solve(() => false));
        Assert.Equal(5, program.Objective, 9); // 4/2 + 3/1
        var duals = new double[2];
        program.GetDuals(duals);
        Assert.Equal([0.5, 1.0], duals.Select(dual => Math.Round(dual, 9)));

        program.AddColumn(1, [0, 1], [1, 2]);
        Assert.True(program.Solve(() => false));
        Assert.Equal(2.75, program.Objective, 9); // 1.5 of the new one, 1.25 of the first
        var values = new double[3];
        program.GetValues(values);
        Assert.Equal([1.25, 0, 1.5], values.Select(value => Math.Round(value, 9)));

        program.SetDemands([4, 0]);
        program.SetUpperLimits([1, double.PositiveInfinity, double.PositiveInfinity]);
        Assert.True(program.Solve(() => false));
        Assert.Equal(3, program.Objective, 9); // one of the first, two of the third
    }

    [Theory]
    [InlineData("CLP")]
    [InlineData("HiGHS")]
    public void The_center_lies_within_the_best_solutions_and_solving_goes_on_afterwards(string name)
    {
        // Any x, y >= 0 with x + y = 1 is best: corners have a 0.
        using var program = Solvers[name](1);
        program.AddColumn(1, [0], [1]);
        program.AddColumn(1, [0], [1]);
        program.SetDemands([1]);
        Assert.True(program.Solve(() => false));
        var values = new double[2];
        Assert.True(program.TryGetCenter(values, () => false));
        Assert.Equal(1, values.Sum(), 6);
        Assert.InRange(values[0], 0.1, 0.9);

        program.SetDemands([2]);
        Assert.True(program.Solve(() => false));
        Assert.Equal(2, program.Objective, 9);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exact_packing_closes_with_every_solver(string name)
    {
        var problem = BppLib.Read("Falkenauer_t60_01").ToProblem();
        var options = new SearchOptions { TimeLimit = TimeSpan.FromSeconds(30) };
        var context = new SearchContext(options, null, Solvers[name], CancellationToken.None);
        var result = SearchPlanner.Plan(
            "exact", problem.Histogram, problem.Limits, context, search => search.Run(dives: 2, prove: true));
        Assert.Equal((20, 20), (result.Plan.BinCount, result.Bound.Bins));
    }
}
