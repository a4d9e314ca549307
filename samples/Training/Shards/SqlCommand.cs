using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>`sql`: prints the queries for engines that have the documents.</summary>
internal static class SqlCommand
{
    private static readonly Dictionary<string, SqlDialect> Dialects = new(StringComparer.OrdinalIgnoreCase)
    {
        ["duckdb"] = SqlDialect.DuckDb,
        ["postgresql"] = SqlDialect.PostgreSql,
        ["spark"] = SqlDialect.Spark,
        ["trino"] = SqlDialect.Trino,
    };

    public static Command Create(Streams streams)
    {
        var query = new Argument<string>("query") { Description = "histogram, offsets or deal." };
        query.AcceptOnlyFromAmong("histogram", "offsets", "deal");
        var dialect = new Option<string>("--dialect", "-d")
        {
            Description = $"{string.Join(", ", Dialects.Keys)}.",
            DefaultValueFactory = _ => "duckdb",
        };
        dialect.AcceptOnlyFromAmong([.. Dialects.Keys]);
        var command = new Command("sql", "Print a query over the tables documents, histogram, offsets and runs.") { query, dialect };
        command.SetAction(parsed => streams.Output.WriteLine(parsed.GetValue(query) switch
        {
            "histogram" => ShardSql.Histogram,
            "offsets" => ShardSql.Offsets,
            _ => ShardSql.Deal(Dialects[parsed.GetValue(dialect)!]),
        }));
        return command;
    }
}
