using System.Numerics;

namespace PackingKit.Attention;

/// <summary>Forward passes of a token budget over a large set of prompts; what is above the budget is prefilled in chunks.</summary>
public static class PackedPasses
{
    /// <summary>
    /// The fewest tokens of a shared run that are worth a range of keys of their own in attention (<c>minShared</c> of a
    /// <see cref="PrefixForest"/>). Measured with a small model on a CPU and groups of two and four prompts: shared runs of 8 tokens cost
    /// about what it costs to give them to each prompt, runs of 16 less (docs/prefixes.md).
    /// </summary>
    public const int MinShared = 16;

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

    /// <summary>
    /// Divides prompts over forward passes of at most <paramref name="maxTokens"/> tokens in which what prompts begin with alike, from
    /// <see cref="MinShared"/> tokens on, is computed once: for causal attention alone, under which a beginning does not depend on what
    /// comes after it. O(tokens + n log n), and what the strategy takes.
    /// </summary>
    /// <typeparam name="T">The integer type of the token IDs.</typeparam>
    /// <param name="prompts">Token IDs of each prompt, at least one.</param>
    /// <param name="maxTokens">Token budget of a pass, at least 1.</param>
    /// <param name="strategy">How to put prompts together; <see cref="SubtreePacking"/> where none is given.</param>
    /// <returns>As of <see cref="Plan(PrefixForest, int, IPrefixStrategy)"/>.</returns>
    /// <exception cref="ArgumentNullException">The list or a prompt in it is <see langword="null"/>; the message names it.</exception>
    /// <exception cref="ArgumentException">A prompt is empty; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The budget is below 1.</exception>
    public static IReadOnlyList<PackedPass> Plan<T>(
        IReadOnlyList<IReadOnlyList<T>> prompts, int maxTokens, IPrefixStrategy? strategy = null)
        where T : struct, IBinaryInteger<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        return Plan(PrefixForest.FromTokens(prompts, MinShared), maxTokens, strategy);
    }

    /// <summary>
    /// Divides the prompts of a forest over forward passes of at most <paramref name="maxTokens"/> tokens, each shared beginning once in
    /// every pass that needs it.
    /// </summary>
    /// <param name="forest">The prompts.</param>
    /// <param name="maxTokens">Token budget of a pass, at least 1.</param>
    /// <param name="strategy">How to put prompts together; <see cref="SubtreePacking"/> where none is given.</param>
    /// <returns>
    /// The passes in the order to run them. First prompts above the budget, whole and cut into chunks, as
    /// <see cref="Plan(ReadOnlySpan{int}, int, IPackingStrategy)"/> has them; then the others. Where prompts of a pass share nothing, its
    /// layout is that of plain prompts, which costs what it costs without a forest.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="forest"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The budget is below 1.</exception>
    public static IReadOnlyList<PackedPass> Plan(PrefixForest forest, int maxTokens, IPrefixStrategy? strategy = null)
    {
        ArgumentNullException.ThrowIfNull(forest);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var result = (strategy ?? new SubtreePacking()).Pack(PrefixProblem.CreateLeavingOut(forest, maxTokens));
        int[] longPrompts = [.. result.Problem.LeftOut];
        var passes = new List<PackedPass>();
        foreach (var pass in Plan(Array.ConvertAll(longPrompts, forest.LengthOf), maxTokens))
            passes.Add(new PackedPass([.. pass.Prompts.Select(prompt => longPrompts[prompt])], pass.Layout));
        for (var pass = 0; pass < result.PassCount; pass++)
        {
            var prompts = result.PromptsOf(pass).ToArray();
            var shared = forest.Of(prompts);
            passes.Add(shared.DistinctTokenCount < shared.TokenCount
                ? new PackedPass(prompts, shared)
                : new PackedPass(prompts, PackedLayout.Flat(Array.ConvertAll(prompts, forest.LengthOf))));
        }
        return passes;
    }

    /// <summary>
    /// Divides prompts over as few forward passes as there can be: one after the other in the given order, every pass but the last of
    /// exactly <paramref name="maxTokens"/> tokens. A prompt that a pass has no room left for is cut there and goes on in the next, so this
    /// too is to be run with a <see cref="PackedKVCache"/>. O(prompts and passes).
    /// </summary>
    /// <param name="lengths">Number of tokens of each prompt, at least 1.</param>
    /// <param name="maxTokens">Token budget of a pass, at least 1.</param>
    /// <returns>
    /// The passes in the order to run them. Every token is in exactly one pass, and a pass has at most one chunk of a prompt.
    /// </returns>
    /// <remarks>
    /// What <see cref="Plan(ReadOnlySpan{int}, int, IPackingStrategy)"/> leaves open in its passes is saved; every cut costs that the rest
    /// of a prompt reads the keys of its beginning again. It pays where prompts are few in a pass: ten of 7 tokens at a budget of 10 take 7
    /// passes, and 10 where none is cut.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A length or the budget is below 1; the message names the prompt.</exception>
    public static IReadOnlyList<PackedPass> Fill(ReadOnlySpan<int> lengths, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        _ = PackedLayout.Flat(lengths); // checks the lengths
        var passes = new List<PackedPass>();
        var (prompts, chunks, pastLengths, room) = (new List<int>(), new List<int>(), new List<int>(), maxTokens);
        for (var prompt = 0; prompt < lengths.Length; prompt++)
        {
            for (var past = 0; past < lengths[prompt];)
            {
                var chunk = Math.Min(room, lengths[prompt] - past);
                prompts.Add(prompt);
                chunks.Add(chunk);
                pastLengths.Add(past);
                (past, room) = (past + chunk, room - chunk);
                if (room == 0)
                    Close();
            }
        }
        if (prompts.Count > 0)
            Close();
        return passes;

        void Close()
        {
            passes.Add(new PackedPass(prompts.ToArray(), PackedLayout.Flat([.. chunks]).WithPast([.. pastLengths])));
            prompts.Clear();
            chunks.Clear();
            pastLengths.Clear();
            room = maxTokens;
        }
    }
}
