namespace PackingKit.Cli;

/// <summary>What a file asks to be packed.</summary>
/// <param name="File">Its name.</param>
/// <param name="Problem">In units that make every size whole.</param>
/// <param name="Capacity">What one bin holds, as the file measures it.</param>
/// <param name="Sizes">The sizes as they were read, each with its line.</param>
/// <param name="Text">The file itself, where it was to be kept.</param>
/// <param name="LeftOut">Lines that are left out, because what stands on them fits no bin.</param>
internal sealed record Input(
    string File, PackingProblem Problem, decimal Capacity, SizeList Sizes, string? Text, IReadOnlySet<int> LeftOut)
{
    /// <summary>The items on the lines left out, by number from 0 in the order of the file.</summary>
    public IReadOnlyList<int> LeftOutItems { get; init; } = [];
}
