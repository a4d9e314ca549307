namespace PackingKit.Attention;

/// <summary>Forward passes of a token budget over a large set of prompts; what is above the budget is prefilled in chunks.</summary>
public static class PackedPasses
{
    /// <summary>
    /// Divides prompts over forward passes of at most <paramref name="maxTokens"/> tokens. Here packing pays even with variable-length
    /// kernels, because every pass is nearly full. Prompts above the budget are cut into chunks, to be run with a
    /// <see cref="PackedKVCache"/> (chunked prefill).
    /// </summary>
    /// <param name="lengths">Number of tokens of each prompt, at least 1.</param>
    /// <param name="maxTokens">Token budget of a pass, at least 1.</param>
    /// <param name="strategy">How to pack; best-fit decreasing where none is given.</param>
    /// <returns>
    /// The passes in the order to run them. First the full chunks of the long prompts, each a pass of exactly the budget, chunk after
    /// chunk; then everything else, packed. A prompt's chunks follow each other in order, and every token is in exactly one pass.
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
            var pastLengths = Array.ConvertAll(prompts, prompt => all.Lengths[prompt] - rest[prompt]);
            passes.Add(new PackedPass(prompts, layout.WithPast(pastLengths)));
        }
        return passes;
    }
}
