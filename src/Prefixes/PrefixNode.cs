namespace PackingKit;

/// <summary>One node of a <see cref="PrefixForest"/>: a run of tokens that all prompts below it have after the same beginning.</summary>
/// <param name="Index">The node, from 0, in depth-first order: a parent stands before its children, a subtree is a range.</param>
/// <param name="Parent">The node whose run comes before, or -1 where the run begins the prompt.</param>
/// <param name="Start">Tokens before the run: the position of its first token in every prompt that has it.</param>
/// <param name="Length">Tokens in the run, at least 1.</param>
/// <param name="SubtreeEnd">The subtree is the nodes from <paramref name="Index"/> to this one, which is not in it.</param>
/// <param name="Source">A prompt that has the run: its tokens from <paramref name="Start"/> on, as many as the run has.</param>
public readonly record struct PrefixNode(int Index, int Parent, int Start, int Length, int SubtreeEnd, int Source)
{
    /// <summary>Tokens up to the end of the run: the length of a prompt that ends here.</summary>
    public int End => Start + Length;

    /// <summary>Whether no run continues this one.</summary>
    public bool IsLeaf => SubtreeEnd == Index + 1;

    /// <summary>"node 3: tokens 512..1024 of prompt 7, after node 0".</summary>
    public override string ToString() =>
        $"node {Index}: tokens {Start}..{End} of prompt {Source}" + (Parent < 0 ? "" : $", after node {Parent}");
}
