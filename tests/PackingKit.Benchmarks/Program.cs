using BenchmarkDotNet.Running;
using PackingKit.Benchmarks;

// `-- quick` prints one JSON object a row in under a minute; anything else goes to BenchmarkDotNet: `-- --filter '*Small*'`.
if (args is ["quick"])
    QuickTable.Print(Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(QuickTable).Assembly).Run(args);
