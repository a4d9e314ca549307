namespace PackingKit.Attention;

/// <summary>One forward pass of a large set of prompts: some of the prompts, or a part of a long one.</summary>
/// <param name="Prompts">Number of each of the layout's prompts in the whole set.</param>
/// <param name="Layout">One row of their tokens; where a prompt is continued, with what it has had before.</param>
public sealed record PackedPass(IReadOnlyList<int> Prompts, PackedLayout Layout)
{
    /// <summary>
    /// Divides prompts over forward passes of at most <paramref name="maxTokens"/> tokens: the place where packing pays even with
    /// variable-length kernels,
    /// because every pass is then full. Prompts above the budget are cut into chunks, to be run with a <see cref="PackedKVCache"/>.
    /// </summary>
    /// <param name="lengths">Number of tokens of each prompt, at least 1.</param>
    /// <param name="maxTokens">The most tokens of a pass, at least 1.</param>
    /// <param name="strategy">How to pack; best-fit decreasing where none is given.</param>
    /// <returns>
    /// The passes in the order to run them: first whole chunks of the long prompts, each a pass of its own and exactly full, chunk after
    /// chunk; then the packed
    /// rest. A prompt's chunks always follow each other, and every token is in exactly one pass.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A length or the budget is below 1; the message names the prompt.</exception>
    public static IReadOnlyList<PackedPass> Plan(ReadOnlySpan<int> lengths, int maxTokens, IPackingStrategy? strategy = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var all = PackedLayout.Flat(lengths); // checks the lengths
        var passes = new List<PackedPass>();
        var rest = new int[lengths.Length];
        for (var prompt = 0; prompt < rest.Length; prompt++)
        {
            var past = 0;
            for (; lengths[prompt] - past > maxTokens; past += maxTokens)
                passes.Add(new PackedPass([prompt], PackedLayout.Flat([maxTokens]).WithPast([past])));
            rest[prompt] = lengths[prompt] - past;
        }
        var packing = (strategy ?? new BestFitDecreasing()).Pack(PackingProblem.Borrow(rest, maxTokens)).Packing;
        foreach (var bin in packing.Bins)
        {
            var prompts = bin.Items.ToArray();
            var layout = PackedLayout.Flat(Array.ConvertAll(prompts, prompt => rest[prompt]));
            passes.Add(new PackedPass(prompts, layout.WithPast(Array.ConvertAll(prompts, prompt => all.Lengths[prompt] - rest[prompt]))));
        }
        return passes;
    }
}
