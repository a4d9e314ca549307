#:project ../../src/PackingKit.csproj
using PackingKit;

var problem = PackingProblem.Create([500, 400, 400, 300, 200, 200], 1000);
var result = new ExactPacking(new SearchOptions { TimeLimit = TimeSpan.FromSeconds(10) }).Pack(problem);
Console.WriteLine($"{result.BinCount} bins: {result.Status}");

var certificate = CertificateJson.Write(PackingCertificate.Of(result)); // for whoever does not trust the search
var verdict = CertificateChecker.Check(problem, CertificateJson.Read(certificate));
Console.WriteLine($"{verdict.Status}: {verdict.Reason}");
