namespace PackingKit.Attention;

/// <summary>
/// One forward pass of a large set of prompts: some of the prompts, a chunk of a long one, or the forest of some that begin alike. Like its
/// layout it compares by reference.
/// </summary>
public sealed class PackedPass
{
    private readonly int[] _ends;

    /// <summary>A pass whose layout's prompts are prompts of the set, or chunks of them.</summary>
    /// <param name="prompts">Number, in the whole set, of each of the layout's prompts.</param>
    /// <param name="layout">One row of their tokens.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There are more or fewer prompts than the layout has.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A prompt's number is negative; the message names its place and it.</exception>
    public PackedPass(IReadOnlyList<int> prompts, PackedLayout layout)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(layout);
        if (prompts.Count != layout.PromptCount)
            throw new ArgumentException($"The layout holds {layout.PromptCount} prompts, not {prompts.Count}.", nameof(prompts));
        RequireNumbers(prompts);
        (Prompts, Layout) = (prompts, layout);
        _ends = [.. Enumerable.Range(0, prompts.Count)];
    }

    /// <summary>A pass in which what prompts begin with alike is laid out once.</summary>
    /// <param name="prompts">Number, in the whole set, of each of the forest's prompts.</param>
    /// <param name="forest">The prompts of the pass.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">There are more or fewer prompts than the forest has.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A prompt's number is negative (the message names its place and it), or the forest has more tokens than an array holds.
    /// </exception>
    public PackedPass(IReadOnlyList<int> prompts, PrefixForest forest)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(forest);
        if (prompts.Count != forest.PromptCount)
            throw new ArgumentException($"The forest has {forest.PromptCount} prompts, not {prompts.Count}.", nameof(prompts));
        RequireNumbers(prompts);
        (Prompts, Layout, Forest) = (prompts, PackedLayout.FromForest(forest), forest);
        _ends = forest.NodeOfPrompt.ToArray();
    }

    /// <summary>Number, in the whole set, of each prompt of the pass.</summary>
    public IReadOnlyList<int> Prompts { get; }

    /// <summary>
    /// One row of their tokens; where a prompt is continued, with what it has had before. Its prompts are those of the pass, or the nodes
    /// of <see cref="Forest"/>.
    /// </summary>
    public PackedLayout Layout { get; }

    /// <summary>The prompts of the pass, where what they begin with alike is laid out once; else <see langword="null"/>.</summary>
    public PrefixForest? Forest { get; }

    /// <summary>
    /// For each prompt of the pass, the layout's prompt with which it ends here: itself, or its node. What is taken of it, as by
    /// <see cref="PackedBatch.LastTokens"/>, is the prompt's; equal prompts end with one node.
    /// </summary>
    public ReadOnlySpan<int> Ends => _ends;

    /// <summary>Slot of each token of the pass's prompts, prompt by prompt: those that several share come several times.</summary>
    internal long[] TokenSlots()
    {
        var keys = KeyLayout.Of(Layout);
        var slots = new List<long>();
        foreach (var end in _ends)
            for (var position = 0; position < keys.Lengths[end]; position++)
                slots.Add(keys.Slot(end, position));
        return [.. slots];
    }

    /// <summary>Token IDs of each of the layout's prompts, as a <see cref="PackedBatch"/> takes them: whole, chunks or nodes.</summary>
    /// <typeparam name="T">The integer type of the token IDs.</typeparam>
    /// <param name="prompts">Token IDs of the whole set. Arrays are read where they are, of other lists parts are copied.</param>
    /// <exception cref="ArgumentNullException">
    /// The list, or a prompt of the pass in it, is <see langword="null"/>; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">A prompt has fewer tokens than the pass takes from it; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many prompts; the message names the one that is missing.</exception>
    public IReadOnlyList<T>[] Tokens<T>(IReadOnlyList<IReadOnlyList<T>> prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        var tokens = new IReadOnlyList<T>[Layout.PromptCount];
        for (var i = 0; i < tokens.Length; i++)
        {
            var (prompt, start, length) = (Prompts[Forest is null ? i : Forest[i].Source], Layout.PastLengths[i], Layout.Lengths[i]);
            if (prompt >= prompts.Count)
                throw new ArgumentOutOfRangeException(
                    nameof(prompts), prompts.Count, $"There is no prompt {prompt} among {prompts.Count}.");
            var whole = prompts[prompt] ?? throw new ArgumentNullException(nameof(prompts), $"Prompt {prompt} is null.");
            if (whole.Count < start + length)
                throw new ArgumentException(
                    $"Prompt {prompt} has {whole.Count} tokens, and the pass takes those from {start} to {start + length}.",
                    nameof(prompts));
            tokens[i] = whole is T[] array ? new ArraySegment<T>(array, start, length) : [.. whole.Skip(start).Take(length)];
        }
        return tokens;
    }

    private static void RequireNumbers(IReadOnlyList<int> prompts)
    {
        for (var i = 0; i < prompts.Count; i++)
            if (prompts[i] < 0)
                throw new ArgumentOutOfRangeException(
                    nameof(prompts), prompts[i], $"At {i} stands prompt {prompts[i]}; numbers are not negative.");
    }
}
