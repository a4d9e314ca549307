namespace PackingKit.Cli;

/// <summary>What a file asks to be packed.</summary>
internal sealed record Input(string File, PackingProblem Problem);
