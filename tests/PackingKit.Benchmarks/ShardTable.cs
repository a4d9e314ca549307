using System.Diagnostics;
using DuckDB.NET.Data;
using PackingKit;
using PackingKit.Benchmarks;

/// <summary>
/// `-- shards`: 10^8 lengths in eight shards, counted, planned and dealt two shards at a time, beside one packing of all of them; then ten
/// million through DuckDB. Every document must be in the same pack.
/// </summary>
internal static class ShardTable
{
    private const int Shards = 8, Capacity = 2048;

    public static int Run()
    {
        Console.WriteLine("| step | s |\n|---|---|");
        var lengths = WorkloadSets.LogNormal(100_000_000, Capacity).Lengths;
        var histograms = new SizeHistogram[Shards];
        var total = Stopwatch.StartNew();
        Timed("count, 8 shards", () => EachShard(shard => histograms[shard] = SizeHistogram.Of(Part(lengths, shard).Span)));
        ValueList<SizeHistogram> before = [];
        PackingPlan plan = null!;
        Timed("offsets and plan", () =>
        {
            before = ShardDealing.RankOffsets(histograms);
            plan = new BestFitDecreasing().Plan(before[^1], Capacity).Plan;
        });
        var bins = new long[Shards][];
        Timed("deal, 8 shards", () => EachShard(shard =>
        {
            var part = Part(lengths, shard).Span;
            plan.DealShard(part, before[shard], bins[shard] = new long[part.Length]);
        }));
        Console.WriteLine(FormattableString.Invariant($"| all of it: {plan} | {total.Elapsed.TotalSeconds:F2} |"));

        var single = new int[lengths.Length];
        Timed("one process, `BestFitDecreasing.Assign`", () => BestFitDecreasing.Assign<int>(lengths, Capacity, single));
        if (!bins.SelectMany(part => part).SequenceEqual(single.Select(bin => (long)bin)))
            throw new InvalidOperationException("The shards are not dealt as one process deals.");
        Console.WriteLine($"\nPlan of {plan.Runs().Count()} runs, {PlanJson.Write(plan).Length} bytes of JSON.");
        Console.WriteLine("All documents are in the same packs.\n");
        Database(lengths[..10_000_000]);
        return 0;
    }

    private static void Database(int[] lengths)
    {
        Console.WriteLine("| DuckDB, 10,000,000 documents | s |\n|---|---|");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Run("CREATE TABLE documents (shard BIGINT, id BIGINT, length BIGINT)");
        Run("CREATE TABLE runs (length BIGINT, first_rank BIGINT, end_rank BIGINT, first_bin BIGINT, copies BIGINT)");
        Timed("load", () =>
        {
            using var appender = connection.CreateAppender("documents");
            for (var document = 0; document < lengths.Length; document++)
                appender.CreateRow().AppendValue((long)document * Shards / lengths.Length).AppendValue((long)document)
                    .AppendValue((long)lengths[document]).EndRow();
        });
        Timed("histogram", () => Run($"CREATE TABLE histogram AS {ShardSql.Histogram}"));
        Timed("offsets", () => Run($"CREATE TABLE offsets AS {ShardSql.Offsets}"));
        PackingPlan plan = null!;
        Timed("plan and its runs", () =>
        {
            using var counts = Query("SELECT length, CAST(SUM(items) AS BIGINT) FROM histogram GROUP BY length");
            List<SizeCount> pairs = [];
            while (counts.Read())
                pairs.Add(new SizeCount(counts.GetInt64(0), counts.GetInt64(1)));
            plan = new BestFitDecreasing().Plan(SizeHistogram.FromCounts(pairs), Capacity).Plan;
            using var appender = connection.CreateAppender("runs");
            foreach (var run in plan.Runs())
                appender.CreateRow().AppendValue(run.Size).AppendValue(run.FirstRank).AppendValue(run.EndRank).AppendValue(run.FirstBin)
                    .AppendValue(run.CopiesPerBin).EndRow();
        });
        Timed("deal", () => Run($"CREATE TABLE packs AS {ShardSql.Deal(SqlDialect.DuckDb)}"));

        var expected = new int[lengths.Length];
        BestFitDecreasing.Assign<int>(lengths, Capacity, expected);
        using var packs = Query("SELECT id, bin FROM packs");
        long same = 0;
        while (packs.Read())
            same += expected[packs.GetInt64(0)] == packs.GetInt64(1) ? 1 : 0;
        Console.WriteLine($"\n{same} of {lengths.Length} documents are in the packs of the library.");

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        DuckDBDataReader Query(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteReader();
        }
    }

    private static ReadOnlyMemory<int> Part(int[] lengths, int shard)
    {
        var (first, end) = ((long)lengths.Length * shard / Shards, (long)lengths.Length * (shard + 1) / Shards);
        return lengths.AsMemory((int)first..(int)end);
    }

    private static void EachShard(Action<int> work) =>
        Parallel.For(0, Shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, work);

    private static void Timed(string step, Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        Console.WriteLine(FormattableString.Invariant($"| {step} | {clock.Elapsed.TotalSeconds:F2} |"));
    }
}
