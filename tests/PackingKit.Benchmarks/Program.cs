using BenchmarkDotNet.Running;
using PackingKit.Benchmarks;

// Tables of our own: `-- quick` (under a minute, one JSON object a row), `-- exact`, `-- tight`. Anything else goes to BenchmarkDotNet: `-- --filter '*Small*'`.
switch (args.FirstOrDefault())
{
    case "quick":
        QuickTable.Print(Console.Out);
        return 0;
    case "exact":
        return ExactTable.Run(args[1..]);
    case "tight":
        return TightTable.Run(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(QuickTable).Assembly).Run(args);
        return 0;
}
