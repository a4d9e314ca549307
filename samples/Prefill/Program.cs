using PackingKit.Samples.Prefill;

return CommandLine.Run(args);
