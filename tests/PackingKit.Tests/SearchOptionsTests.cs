using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

public class SearchOptionsTests
{
    [Fact]
    public void Without_options_there_is_no_time_limit_one_worker_and_seed_zero() =>
        Assert.Equal((null, 1, 0), (SearchOptions.Default.TimeLimit, SearchOptions.Default.Workers, SearchOptions.Default.Seed));

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Refused.OutOfRange("TimeLimit", () => new SearchOptions { TimeLimit = TimeSpan.Zero });
        Refused.OutOfRange("Workers", () => new SearchOptions { Workers = 0 });
        Refused.OutOfRange("Seed", () => new SearchOptions { Seed = -1 });
        Assert.Null(new SearchOptions { TimeLimit = null }.TimeLimit);
    }
}
