using DuckDB.NET.Data;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>The queries, run by DuckDB in this process.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 25)]
public class ShardSqlTests
{
    [Property]
    public void DuckDB_deals_every_document_where_the_library_does(PackingCase of, byte shards, int seed)
    {
        if (of.Sizes.Length == 0)
            return;
        var parts = ShardDealingTests.Shards.Cut(of.Sizes, 1 + (shards % 8), seed);
        using var database = new Database(parts);
        var offsets = ShardDealing.RankOffsets(parts.Select(part => SizeHistogram.Of(part)));
        var histogram = SizeHistogram.FromCounts(
            database.Rows("SELECT length, CAST(SUM(items) AS BIGINT) FROM histogram GROUP BY length")
                .Select(row => new SizeCount(row[0], row[1])));
        Assert.Equal(offsets[^1], histogram);
        Assert.Equal(
            parts.SelectMany((part, shard) => part.Distinct().Select(size => (shard, size, offsets[shard].CountOf(size)))).Order(),
            database.Rows("SELECT * FROM offsets").Select(row => ((int)row[0], row[1], row[2])).Order());

        var plan = new BestFitDecreasing().Plan(histogram, of.Limits).Plan;
        database.Add("runs", plan.Runs().Select(run => (long[])[run.Size, run.FirstRank, run.EndRank, run.FirstBin, run.CopiesPerBin]));
        var expected = plan.Deal(of.ToProblem()).BinOfItem.ToArray();
        var dealt = database.Rows(ShardSql.Deal(SqlDialect.DuckDb)).OrderBy(row => row[0]).ThenBy(row => row[1]).ToArray();
        Assert.Equal(expected.Select(bin => (long)bin), dealt.Select(row => row[2]));

        // A shard that is run again alone gives its own rows again.
        var last = parts.Length - 1;
        database.Run($"DELETE FROM documents WHERE shard <> {last}");
        Assert.Equal(
            dealt.Where(row => row[0] == last).Select(row => row[2]),
            database.Rows(ShardSql.Deal(SqlDialect.DuckDb)).OrderBy(row => row[1]).Select(row => row[2]));
    }

    [Fact]
    public void The_dialects_differ_in_the_division_alone()
    {
        var texts = Enum.GetValues<SqlDialect>().Select(dialect => ShardSql.Deal(dialect)
            .Replace(" // ", " / ", StringComparison.Ordinal).Replace(" DIV ", " / ", StringComparison.Ordinal));
        Assert.Single(texts.Distinct());
        Assert.Throws<ArgumentOutOfRangeException>("dialect", () => ShardSql.Deal((SqlDialect)4));
    }

    /// <summary>Documents, their histogram and offsets in memory; a document's id is its place in the shard.</summary>
    private sealed class Database : IDisposable
    {
        private readonly DuckDBConnection _connection = new("DataSource=:memory:");

        public Database(long[][] shards)
        {
            _connection.Open();
            Run("CREATE TABLE documents (shard BIGINT, id BIGINT, length BIGINT)");
            Run("CREATE TABLE runs (length BIGINT, first_rank BIGINT, end_rank BIGINT, first_bin BIGINT, copies BIGINT)");
            Add("documents", shards.SelectMany((sizes, shard) => sizes.Select((size, id) => (long[])[shard, id, size])).Reverse());
            Run($"CREATE TABLE histogram AS {ShardSql.Histogram}");
            Run($"CREATE TABLE offsets AS {ShardSql.Offsets}");
        }

        public void Run(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        public void Add(string table, IEnumerable<long[]> rows)
        {
            using var appender = _connection.CreateAppender(table);
            foreach (var values in rows)
            {
                var row = appender.CreateRow();
                foreach (var value in values)
                    row.AppendValue(value);
                row.EndRow();
            }
        }

        public List<long[]> Rows(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            List<long[]> rows = [];
            while (reader.Read())
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetInt64)]);
            return rows;
        }

        public void Dispose() => _connection.Dispose();
    }
}
