#:project ../../src/PackingKit.csproj
using PackingKit;

int[] sizes = [500, 400, 400, 300, 200, 200]; // tokens, millimetres, bytes
var result = new Automatic().Pack(PackingProblem.Create(sizes, 1000));
foreach (var bin in result.Packing.Bins)
    Console.WriteLine($"bin {bin.Index}: items {string.Join(", ", bin)}");
Console.WriteLine($"no packing has fewer than {result.Bound.Bins}: {result.Status}");
