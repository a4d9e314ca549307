namespace PackingKit.Attention;

/// <summary>One forward pass of a large set of prompts: some of the prompts, or a chunk of a long one.</summary>
/// <param name="Prompts">Number, in the whole set, of each of the layout's prompts.</param>
/// <param name="Layout">One row of their tokens; where a prompt is continued, with what it has had before.</param>
public sealed record PackedPass(IReadOnlyList<int> Prompts, PackedLayout Layout);
