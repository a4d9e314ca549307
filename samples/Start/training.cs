#:project ../../src/PackingKit.csproj
using PackingKit;

int[] documents = [5000, 300, 700, 2048, 1200, 90, 640]; // tokens of each document
var pieces = DocumentPieces.Cut(documents, new PieceRules(2048) { Long = LongDocuments.Split });
var index = DocumentPacker.Pack(pieces, new BestFitDecreasing()).Index.Shuffle(seed: 1);
for (var pack = 0; pack < index.PackCount; pack++)
    Console.WriteLine($"pack {pack}: {string.Join(", ", index.PiecesOf(pack))}");
Console.WriteLine(PackConservation.FindFault(index) ?? "every token stands where the rules put it");
