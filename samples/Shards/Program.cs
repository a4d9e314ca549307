using PackingKit.Samples.Shards;

return CommandLine.Run(args, Console.Out, Console.Error);
