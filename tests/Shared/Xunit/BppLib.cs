using System.Globalization;

namespace PackingKit.Testing;

/// <summary>One instance of BPPLIB with what is known of it.</summary>
public sealed record BppInstance(string Name, string Class, PackingCase Case, long Optimum, long L1, long L2, long BestFitDecreasing)
{
    public override string ToString() => Name;
}

/// <summary>The sample of BPPLIB in the shared data: 60 instances, every optimum proved.</summary>
public static class BppLib
{
    /// <summary>All instances; skips the test where they are not on the machine.</summary>
    public static IReadOnlyList<BppInstance> Require()
    {
        var rows = File.ReadAllLines(SharedData.Require("data", "bpplib", "optima.csv")).Select(line => line.Split(',')).ToArray();
        long Number(string[] row, string column) => long.Parse(row[Array.IndexOf(rows[0], column)], CultureInfo.InvariantCulture);
        return
        [
            .. rows.Skip(1).Where(row => row.Length > 1).Select(row => new BppInstance(
                row[0], row[1], Read(row[0]), Number(row, "ub"), Number(row, "l1"), Number(row, "l2"), Number(row, "bfd"))),
        ];
    }

    /// <summary>One instance by name.</summary>
    public static PackingCase Read(string name) => ReadFile("data", "bpplib", "instances", name + ".txt");

    /// <summary>A file of the shared data: number of items, capacity, sizes.</summary>
    public static PackingCase ReadFile(params string[] path)
    {
        var text = File.ReadAllText(SharedData.Require(path));
        var numbers = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new PackingCase(numbers[2..], numbers[1]);
    }
}
