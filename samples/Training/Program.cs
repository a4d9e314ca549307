using PackingKit.Samples.Training;

return CommandLine.Run(args, Console.Out, Console.Error);
