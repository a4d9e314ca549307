namespace PackingKit.Cli;

/// <summary>What a file asks to be packed.</summary>
/// <param name="File">Its name.</param>
/// <param name="Problem">In units that make every size whole.</param>
/// <param name="Capacity">What one bin holds, as the file measures it.</param>
internal sealed record Input(string File, PackingProblem Problem, decimal Capacity);
