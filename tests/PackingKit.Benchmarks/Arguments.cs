/// <summary>Options of the tables: `--name value`.</summary>
internal static class Arguments
{
    public static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
