namespace PackingKit.Mutation;

/// <summary>One change of the library.</summary>
/// <param name="File">Below src.</param>
/// <param name="Line">Of the file, from 1.</param>
/// <param name="Start">Where the changed node begins, which with the kind tells mutants apart.</param>
/// <param name="Kind">What is changed, such as "&lt; to &lt;=".</param>
/// <param name="Text">The node as it stands.</param>
internal sealed record Mutant(string File, int Line, int Start, string Kind, string Text)
{
    /// <summary>Its number in the mutated assembly; 0 is the library as it is.</summary>
    public int Number { get; init; }
}
