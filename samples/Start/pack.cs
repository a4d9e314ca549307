#:project ../../src/PackingKit.csproj
using PackingKit;

int[] sizes = [500, 400, 100, 300, 600, 100]; // tokens, millimetres, bytes
var result = new BestFitDecreasing().Pack(PackingProblem.Create(sizes, 1000));
foreach (var bin in result.Packing.Bins)
    Console.WriteLine($"bin {bin.Index}: items {string.Join(", ", bin)}");
Console.WriteLine($"no packing has fewer than {result.Bound.Bins}: {result.Status}");
