return args.FirstOrDefault() switch
{
    "exact" => ExactTable.Run(args[1..]),
    "tight" => TightTable.Run(args[1..]),
    _ => throw new ArgumentException("Name a table: exact, tight."),
};
