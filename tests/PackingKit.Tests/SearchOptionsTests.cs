using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class SearchOptionsTests
{
    [Fact]
    public void Without_options_there_is_no_time_limit_one_worker_and_seed_zero() =>
        Assert.Equal((null, 1, 0), (SearchOptions.Default.TimeLimit, SearchOptions.Default.Workers, SearchOptions.Default.Seed));

    [Theory]
    [InlineData("exact"), InlineData("tight"), InlineData("cp-sat")]
    public void A_stop_leaves_the_best_so_far_and_says_so(string id)
    {
        var problem = ProblemGenerators.FalkenauerTriplets(bins: 60, seed: 3).Problem;
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var result = PackingStrategies.Create(id, new SearchOptions { Stop = stop.Token }).Pack(problem);
        Assert.Equal(StopReason.Stopped, result.StopReason);
        Assert.Empty(PackingValidator.Validate(problem, result));
    }

    [Theory]
    [InlineData("exact"), InlineData("tight"), InlineData("cp-sat")]
    public void A_stop_in_the_midst_of_a_search_is_heard(string id)
    {
        var problem = ProblemGenerators.FalkenauerTriplets(bins: 80, seed: 7).Problem;
        using var stop = new CancellationTokenSource();
        var options = new SearchOptions { Stop = stop.Token, TimeLimit = TimeSpan.FromMinutes(2) };
        var result = PackingStrategies.Create(id, options).Pack(problem, new StopAtFirstReport(stop));
        Assert.True(result.Status == PackingStatus.Optimal || result.StopReason == StopReason.Stopped, $"{result.StopReason}");
        Assert.Empty(PackingValidator.Validate(problem, result));
    }

    private sealed class StopAtFirstReport(CancellationTokenSource stop) : IProgress<PackingProgress>
    {
        public void Report(PackingProgress value) => stop.Cancel();
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Refused.OutOfRange("TimeLimit", () => new SearchOptions { TimeLimit = TimeSpan.Zero });
        Refused.OutOfRange("Workers", () => new SearchOptions { Workers = 0 });
        Refused.OutOfRange("Seed", () => new SearchOptions { Seed = -1 });
        Assert.Null(new SearchOptions { TimeLimit = null }.TimeLimit);
    }
}
