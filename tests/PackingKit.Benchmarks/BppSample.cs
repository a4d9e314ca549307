using System.Globalization;
using PackingKit.Testing;

namespace PackingKit.Benchmarks;

/// <summary>The sample of BPPLIB in the shared data; nothing where it is absent.</summary>
internal static class BppSample
{
    public static IEnumerable<(string Name, PackingProblem Problem, long Optimum)> Read()
    {
        var folder = Path.Combine(SharedData.Folder ?? "", "data", "bpplib");
        if (!File.Exists(Path.Combine(folder, "optima.csv")))
            yield break;
        foreach (var fields in File.ReadLines(Path.Combine(folder, "optima.csv")).Skip(1).Select(line => line.Split(','))
            .Where(row => row.Length > 1))
        {
            var text = File.ReadAllText(Path.Combine(folder, "instances", fields[0] + ".txt"));
            var numbers = Array.ConvertAll(
                text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), word => long.Parse(word, CultureInfo.InvariantCulture));
            yield return (
                fields[0], PackingProblem.Create(numbers.AsSpan(2), numbers[1]), long.Parse(fields[6], CultureInfo.InvariantCulture));
        }
    }
}
