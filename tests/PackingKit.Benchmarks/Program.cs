using BenchmarkDotNet.Running;
using PackingKit.Benchmarks;

// `-- quick` prints one JSON object a row in under a minute, `-- huge` two for 10^8 lengths; `-- ladder` prints the heuristics on the
// sample of BPPLIB, `-- choose` what is recommended there and on real lengths; `-- prefix` the passes of traces of prompts that begin
// alike, `-- constrained` packing with several resources and rules; `-- training` packs a million documents from Parquet to Parquet beside
// reading and writing alone; `-- stream` the fill of streams, `-- ranks` micro-batches under a token cap, `-- calls` the calls of an
// embedding service, `-- shards` 10^8 lengths in eight shards; `-- stock` prints the table of docs/cutting-stock.md, `-- exact`,
// `-- generated` and `-- tight` those of docs/benchmarks-exact.md, `-- many` searches one after the other and at once, with the memory they
// leave behind; anything else goes to BenchmarkDotNet: `-- --filter '*Small*'`.
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
    case ["ranks"]:
        return MicroBatchTable.Run();
    case ["calls"]:
        return CallTable.Run();
    case ["shards"]:
        return ShardTable.Run();
    case ["stream"]:
        return StreamTable.Run();
    case ["constrained", .. var options]:
        return ConstrainedTable.Run(options);
    case ["choose"]:
        return ChooseTable.Run();
    case ["training", .. var options]:
        return TrainingTable.Run(options);
    case ["exact", .. var options]:
        return ExactTable.Run(options);
    case ["many", .. var options]:
        return ManyTable.Run(options);
    case ["tight", .. var options]:
        return TightTable.Run(options);
    case ["stock", .. var options]:
        return StockTable.Run(options);
    case ["generated", .. var options]:
        return GeneratedTable.Run(options);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(QuickTable).Assembly).Run(args);
        return 0;
}
