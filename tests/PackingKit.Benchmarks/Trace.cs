using PackingKit;

/// <summary>Writes down what a search reports, for `--trace`.</summary>
internal sealed class Trace : IProgress<PackingProgress>
{
    public void Report(PackingProgress value) =>
        Console.WriteLine($"  {value.Elapsed.TotalSeconds:F3} {value.Phase} {value.Bins} {value.LowerBound}");
}
