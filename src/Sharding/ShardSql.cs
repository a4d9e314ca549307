namespace PackingKit;

/// <summary>
/// Counting and dealing as queries, for engines that have the documents: count by length, plan on the counts here, join with the plan.
/// Documents go into the bins that <see cref="PlanDealing.DealShard(PackingPlan, ReadOnlySpan{long}, SizeHistogram, Span{long})"/> deals
/// them to.
/// </summary>
/// <remarks>
/// <para>Tables, all columns 64-bit whole numbers: <c>documents</c> (shard, id, length), <c>histogram</c> (shard, length, items),
/// <c>offsets</c> (shard, length, first_rank), <c>runs</c> (length, first_rank, end_rank, first_bin, copies). Views or names of your own
/// do as well: <c>WITH documents AS (...)</c> before a query.</para>
/// <para>Ids must be distinct within a shard, and the same when a shard is run again. Shards come in the order of their numbers, the
/// documents of a shard in the order of their ids. Documents are ranked within their shard, never over all: where half of all documents
/// have one length, a rank over all would be one machine's work.</para>
/// </remarks>
public static class ShardSql
{
    /// <summary>Counts: one row for each length of each shard. Its rows are the <c>histogram</c>.</summary>
    public static string Histogram { get; } = """
        SELECT shard, length, COUNT(*) AS items
        FROM documents
        GROUP BY shard, length
        """;

    /// <summary>
    /// Rank offsets from the <c>histogram</c>: for each length of each shard, how many documents of that length lie in shards before it.
    /// Its rows are the <c>offsets</c>.
    /// </summary>
    public static string Offsets { get; } = """
        SELECT shard, length, CAST(SUM(items) OVER (PARTITION BY length ORDER BY shard) - items AS BIGINT) AS first_rank
        FROM histogram
        """;

    /// <summary>
    /// The bin of each document (shard, id, bin) from <c>documents</c>, <c>offsets</c> and <c>runs</c>. A shard's rows depend on its own
    /// documents alone: add a condition on the shard to <c>documents</c> to run one, or one again.
    /// </summary>
    /// <param name="dialect">Whose SQL.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dialect is not one of <see cref="SqlDialect"/>.</exception>
    public static string Deal(SqlDialect dialect) => $"""
        SELECT ranked.shard, ranked.id, runs.first_bin + {Quotient(dialect, "(ranked.item_rank - runs.first_rank)", "runs.copies")} AS bin
        FROM (
            SELECT documents.shard, documents.id, documents.length, offsets.first_rank - 1
                + ROW_NUMBER() OVER (PARTITION BY documents.shard, documents.length ORDER BY documents.id) AS item_rank
            FROM documents
            JOIN offsets ON offsets.shard = documents.shard AND offsets.length = documents.length
        ) ranked
        JOIN runs ON runs.length = ranked.length
            AND ranked.item_rank >= runs.first_rank AND ranked.item_rank < runs.end_rank
        """;

    private static string Quotient(SqlDialect dialect, string dividend, string divisor) => dialect switch
    {
        SqlDialect.DuckDb => $"{dividend} // {divisor}",
        SqlDialect.PostgreSql or SqlDialect.Trino => $"{dividend} / {divisor}",
        SqlDialect.Spark => $"{dividend} DIV {divisor}",
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, $"{dialect} is no dialect."),
    };
}
