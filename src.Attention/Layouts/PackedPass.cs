namespace PackingKit.Attention;

/// <summary>
/// One forward pass of a large set of prompts: some of the prompts, or a chunk of a long one. Like its layout it compares by reference.
/// </summary>
/// <param name="prompts">Number, in the whole set, of each of the layout's prompts.</param>
/// <param name="layout">One row of their tokens.</param>
public sealed class PackedPass(IReadOnlyList<int> prompts, PackedLayout layout)
{
    /// <summary>Number, in the whole set, of each of the layout's prompts.</summary>
    public IReadOnlyList<int> Prompts { get; } = prompts;

    /// <summary>One row of their tokens; where a prompt is continued, with what it has had before.</summary>
    public PackedLayout Layout { get; } = layout;
}
