using PackingKit.Samples.Train;

return CommandLine.Run(args);
