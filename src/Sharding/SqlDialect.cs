namespace PackingKit;

/// <summary>Whose SQL <see cref="ShardSql"/> is to write. The dialects differ in the division of whole numbers alone.</summary>
public enum SqlDialect
{
    /// <summary>DuckDB; a test runs it.</summary>
    DuckDb,

    /// <summary>PostgreSQL; a script under tests runs it on two servers.</summary>
    PostgreSql,

    /// <summary>Spark SQL; its syntax is checked by a parser, it was never run.</summary>
    Spark,

    /// <summary>Trino; its syntax is checked by a parser, it was never run.</summary>
    Trino,
}
