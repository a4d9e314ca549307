using BenchmarkDotNet.Running;
using PackingKit.Benchmarks;

// `-- quick` prints one JSON object a row in under a minute, `-- huge` two for 10^8 lengths; `-- ladder` prints the heuristics on the
// sample of BPPLIB, `-- choose` what is recommended there and on real lengths; `-- prefix` the passes of real traces of prompts that begin
// alike, `-- constrained` packing with several resources and rules; `-- exact`, `-- generated` and `-- tight` print the tables of
// docs/benchmarks-exact.md; anything else goes to BenchmarkDotNet: `-- --filter '*Small*'`.
switch (args)
{
    case ["quick"]:
        QuickTable.Print(Console.Out);
        return 0;
    case ["huge"]:
        QuickTable.PrintPasses(Console.Out, WorkloadSets.Huge());
        return 0;
    case ["ladder"]:
        return LadderTable.Run();
    case ["prefix"]:
        return PrefixTable.Run();
    case ["constrained", .. var options]:
        return ConstrainedTable.Run(options);
    case ["choose"]:
        return ChooseTable.Run();
    case ["exact", .. var options]:
        return ExactTable.Run(options);
    case ["tight", .. var options]:
        return TightTable.Run(options);
    case ["generated", .. var options]:
        return GeneratedTable.Run(options);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(QuickTable).Assembly).Run(args);
        return 0;
}
