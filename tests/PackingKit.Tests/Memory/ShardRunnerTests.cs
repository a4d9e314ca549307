using Xunit;

namespace PackingKit.Tests.Memory;

public class ShardRunnerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_shard_that_throws_is_heard_of_once_all_shards_have_ended(int failing)
    {
        const int shards = 8;
        Span<int> ended = stackalloc int[shards];
        for (var round = 0; round < 50; round++)
        {
            ended.Clear();
            var work = new Work { Failing = failing, Ended = ended };
            Exception? caught = null;
            try
            {
                ShardRunner.Run(ref work, shards);
            }
            catch (InvalidOperationException failure)
            {
                caught = failure;
            }
            Assert.Equal($"shard {failing}", caught?.Message);
            Assert.Equal(shards, ended.Count(1));
            Assert.Contains(nameof(Work), caught!.StackTrace); // where it was thrown, not only where it was thrown again

            // The next work of the same thread is as if nothing had been.
            ended.Clear();
            work.Failing = -1;
            ShardRunner.Run(ref work, shards);
            Assert.Equal(shards, ended.Count(1));
        }
    }

    private ref struct Work : IShardedWork
    {
        public int Failing;
        public Span<int> Ended;

        public readonly void Run(int shard)
        {
            Thread.SpinWait(2000);
            Ended[shard]++;
            if (shard == Failing)
                throw new InvalidOperationException($"shard {shard}");
        }
    }
}
