#:project ../../src/PackingKit.csproj
using PackingKit;

int[] sizes = [500, 400, 400, 300, 200, 200]; // yours: tokens, millimetres, bytes
var study = PackingStudy.Run(PackingProblem.Create(sizes, 1000), new() { Strategies = ["bf", "ffd", "bfd", "auto"] });
foreach (var trial in study.Trials)
    Console.WriteLine($"{trial.Strategy.Id}: {trial.Bins} bins, {trial.Gap} above the bound");
