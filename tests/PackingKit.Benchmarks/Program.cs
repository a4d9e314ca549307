Console.WriteLine("PackingKit.Benchmarks");
