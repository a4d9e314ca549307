using System.Runtime.ExceptionServices;

namespace PackingKit;

/// <summary>Work that falls into shards, which any thread may run, in any order.</summary>
internal interface IShardedWork
{
    void Run(int shard);
}

/// <summary>
/// Runs shards on the calling thread and on free threads of the pool. The caller takes every shard that no other thread has begun, so it
/// never waits for a thread to become free; results do not depend on who ran what. Allocates nothing once warm.
/// </summary>
internal sealed unsafe class ShardRunner : IThreadPoolWorkItem
{
    /// <summary>Items of a shard for which waking another thread pays.</summary>
    public const int MinItems = 1 << 17;

    private const int MaxShards = 16;

    [ThreadStatic]
    private static ShardRunner? s_ofThread;

    private delegate*<void*, int, void> _run;
    private void* _work;
    private int _open; // shards that nobody has begun; below 0 where a late thread asked again
    private int _unfinished;
    private Exception? _failure; // the first that a shard threw

    /// <summary>How many shards pay for a number of items, where each shard has tables of <paramref name="range"/> entries.</summary>
    public static int ShardsFor(int items, int range) =>
        Math.Clamp(Math.Min(items / MinItems, items / 8 / range), 1, Math.Min(Environment.ProcessorCount, MaxShards));

    /// <summary>The items of a shard: shards are neighbours and differ by one item at most.</summary>
    public static Range ItemsOf(int shard, int shards, int items) =>
        (int)((long)items * shard / shards)..(int)((long)items * (shard + 1) / shards);

    /// <summary>
    /// Runs all shards and returns when the last one has ended. Where shards throw, the others run all the same; then the first exception
    /// is thrown again here.
    /// </summary>
    public static void Run<TWork>(scoped ref TWork work, int shards)
        where TWork : struct, IShardedWork, allows ref struct
    {
        // The work is in this thread's stack frame, which must outlive every shard.
        if (shards == 1)
            work.Run(0);
        else
            (s_ofThread ??= new ShardRunner()).Run(&RunShard<TWork>, Unsafe.AsPointer(ref work), shards);
    }

    void IThreadPoolWorkItem.Execute() => RunOpenShards();

    private static void RunShard<TWork>(void* work, int shard)
        where TWork : struct, IShardedWork, allows ref struct => Unsafe.AsRef<TWork>(work).Run(shard);

    private void Run(delegate*<void*, int, void> run, void* work, int shards)
    {
        _run = run;
        _work = work;
        _unfinished = shards;
        Volatile.Write(ref _open, shards);
        try
        {
            for (var helper = 1; helper < shards; helper++)
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        finally
        {
            RunOpenShards();
            for (var wait = default(SpinWait); Volatile.Read(ref _unfinished) > 0;)
                wait.SpinOnce(sleep1Threshold: -1);
        }
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    private void RunOpenShards()
    {
        // A helper may come so late that the work is done, or that the next work has begun. Whoever gets a number from 0 on has a shard of
        // the work that is set.
        while (Interlocked.Decrement(ref _open) is >= 0 and var shard)
        {
            try
            {
                _run(_work, shard);
            }
#pragma warning disable CA1031 // whatever it is, the caller throws it again
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }
            finally
            {
                Interlocked.Decrement(ref _unfinished);
            }
        }
    }
}
