using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The linear solver may answer anything: that may cost bins, or a proof, but it must never make one up.</summary>
[Trait("speed", "slow")]
public class FaultySolverTests
{
    public enum Fault
    {
        WrongDuals,
        HugeDuals,
        NegativeDuals,
        NoNumberDuals,
        WrongObjective,
        NoNumberObjective,
        WrongValues,
        HugeValues,
        Abnormal,
        AbnormalAtTimes,
    }

    public static TheoryData<Fault> Faults => [.. Enum.GetValues<Fault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_answer_never_yields_a_false_claim(Fault fault)
    {
        var random = new Random(5);
        for (var round = 0; round < 40; round++)
        {
            var drawn = CaseShapes.NearFractions(random, random.Next(1, SmallCase.MaxItems));
            Check(drawn, BruteForce.Optimum(drawn), fault, round, TimeSpan.FromSeconds(0.2));
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_answer_never_yields_a_false_claim_on_instances_that_need_the_tree(Fault fault)
    {
        foreach (var instance in BppLib.Require().Where(instance => instance.Name is "Falkenauer_t60_01" or "Hard28_BPP119" or "N1W1B1R2"))
            Check(instance.Case, instance.Optimum, fault, 1, TimeSpan.FromSeconds(0.4));
    }

    [Theory]
    [InlineData(Fault.Abnormal)]
    [InlineData(Fault.NoNumberObjective)]
    public void A_solver_that_fails_gives_way_to_another(Fault fault)
    {
        var problem = BppLib.Read("Falkenauer_t60_01").ToProblem();
        var context = new SearchContext(
            new SearchOptions { TimeLimit = TimeSpan.FromSeconds(30) }, null,
            rows => new FaultyProgram(LinearPrograms.Create(rows), fault, new Random(1)), CancellationToken.None);
        var result = SearchPlanner.Plan("faulty", problem.Histogram, problem.Limits, context, search => search.Run(dives: 2, prove: true));
        Assert.Equal((20, 20), (result.Plan.BinCount, result.Bound.Bins));
    }

    private static void Check(PackingCase of, long optimum, Fault fault, int seed, TimeSpan limit)
    {
        var problem = of.ToProblem();
        foreach (var prove in (bool[])[true, false])
        {
            var random = new Random(seed);
            var context = new SearchContext(
                new SearchOptions { TimeLimit = limit }, null, rows => new FaultyProgram(LinearPrograms.Create(rows), fault, random),
                CancellationToken.None);
            var result = SearchPlanner.Plan(
                "faulty", problem.Histogram, problem.Limits, context, search => search.Run(dives: 3, prove));
            PackingPlan.FromPlacements(problem.Histogram, problem.Limits, result.Plan.Placements.ToArray());
            Assert.InRange(optimum, result.Bound.Bins, result.Plan.BinCount);
        }
    }

    private sealed class FaultyProgram(ILinearProgram inner, Fault fault, Random random) : ILinearProgram
    {
        public double Objective => fault switch
        {
            Fault.WrongObjective => inner.Objective * (0.5 + random.NextDouble()),
            Fault.NoNumberObjective => double.NaN,
            _ => inner.Objective,
        };

        public void AddColumn(double cost, ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients) =>
            inner.AddColumn(cost, rows, coefficients);

        public void SetDemands(ReadOnlySpan<double> demands) => inner.SetDemands(demands);

        public void SetUpperLimits(ReadOnlySpan<double> limits) => inner.SetUpperLimits(limits);

        public bool TryGetCenter(Span<double> values, Func<bool> stop)
        {
            var found = inner.TryGetCenter(values, stop);
            Spoil(values);
            return found;
        }

        public bool Solve(Func<bool> stop) =>
            inner.Solve(stop) && fault != Fault.Abnormal && !(fault == Fault.AbnormalAtTimes && random.Next(3) == 0);

        public void GetDuals(Span<double> duals)
        {
            inner.GetDuals(duals);
            foreach (ref var dual in duals)
                dual = fault switch
                {
                    Fault.WrongDuals => dual * 2 * random.NextDouble(),
                    Fault.HugeDuals => 1e300,
                    Fault.NegativeDuals => -dual,
                    Fault.NoNumberDuals => double.NaN,
                    _ => dual,
                };
        }

        public void GetValues(Span<double> values)
        {
            inner.GetValues(values);
            Spoil(values);
        }

        private void Spoil(Span<double> values)
        {
            foreach (ref var value in values)
                value = fault switch
                {
                    Fault.WrongValues => value + random.NextDouble() - 0.5,
                    Fault.HugeValues => 1e300,
                    _ => value,
                };
        }

        public void Dispose() => inner.Dispose();
    }
}
