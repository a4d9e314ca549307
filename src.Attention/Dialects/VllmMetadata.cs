namespace PackingKit.Attention;

/// <summary>The attention metadata of a vLLM-like engine: queries back to back, keys in the slots of a cache.</summary>
/// <param name="QueryStartLoc"><c>query_start_loc</c>: where each request's queries start, int32, requests + 1.</param>
/// <param name="SeqLens"><c>seq_lens</c>: tokens of each request, new ones included.</param>
/// <param name="SlotMapping"><c>slot_mapping</c>: cache slot of each new token, int64.</param>
/// <param name="MaxQueryLen"><c>max_query_len</c>.</param>
public sealed record VllmMetadata(ValueList<int> QueryStartLoc, ValueList<int> SeqLens, ValueList<long> SlotMapping, int MaxQueryLen)
{
    /// <summary>From a layout in token order and a cache of fixed-size blocks: slot = block * block size + position % block size.</summary>
    /// <param name="layout">The new tokens, with what their prompts have had before.</param>
    /// <param name="blockTables">Blocks of each prompt, in the order of its positions.</param>
    /// <param name="blockSize">Slots of a block, at least 1.</param>
    /// <exception cref="NotSupportedException">The layout has padding, rows or another order.</exception>
    /// <exception cref="ArgumentException">
    /// A prompt has no table, too few blocks or a negative one, or a block that new tokens go to is another prompt's too or its own twice;
    /// the message names prompt and block. Blocks of earlier tokens alone may be shared.
    /// </exception>
    public static VllmMetadata From(PackedLayout layout, IReadOnlyList<int[]> blockTables, int blockSize)
    {
        DialectChecks.Concatenated(layout, "vLLM's metadata");
        ArgumentNullException.ThrowIfNull(blockTables);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        if (blockTables.Count != layout.PromptCount)
            throw new ArgumentException(
                $"The layout holds {layout.PromptCount} prompts, but there are {blockTables.Count} block tables.", nameof(blockTables));
        var slots = new long[layout.TokenCount];
        CheckBlocks(layout, blockTables, blockSize);
        foreach (var segment in layout.Segments)
        {
            var (blocks, past) = (blockTables[segment.Prompt], layout.PastLengths[segment.Prompt]);
            for (var i = 0; i < segment.Length; i++)
                slots[segment.Start + i] = (long)blocks[(past + i) / blockSize] * blockSize + (past + i) % blockSize;
        }
        return From(layout, slots);
    }

    /// <summary>
    /// From a layout in token order and the cache slot of each new token, as <see cref="PackedCacheStep.SlotMapping"/> has it.
    /// </summary>
    /// <param name="layout">The new tokens, with what their prompts have had before.</param>
    /// <param name="slotMapping">Cache slot of each of the layout's slots.</param>
    /// <exception cref="NotSupportedException">The layout has padding, rows or another order.</exception>
    /// <exception cref="ArgumentException">
    /// There is not one cache slot for each token, or one is negative or another token's too; the message names token and slot.
    /// </exception>
    public static VllmMetadata From(PackedLayout layout, ReadOnlySpan<long> slotMapping)
    {
        DialectChecks.Concatenated(layout, "vLLM's metadata");
        DialectChecks.CacheSlots(slotMapping, layout.TokenCount, nameof(slotMapping));
        return new VllmMetadata(
            ValueList.Create(layout.CuSeqLens), [.. DialectChecks.KeyLengths(layout)], ValueList.Create(slotMapping), layout.MaxSeqLen);
    }

    /// <summary>Back to the layout; where the keys lie is in <see cref="SlotMapping"/>.</summary>
    /// <exception cref="ArgumentException">An array is missing, or the numbers contradict each other; the message names where.</exception>
    public PackedLayout ToLayout()
    {
        ArgumentNullException.ThrowIfNull(SeqLens);
        var (lengths, past) = DialectChecks.Past(
            DialectChecks.Lengths(QueryStartLoc, nameof(QueryStartLoc)), SeqLens.AsSpan(), nameof(SeqLens));
        var layout = PackedLayout.Flat(lengths).WithPast(past);
        ArgumentNullException.ThrowIfNull(SlotMapping);
        DialectChecks.CacheSlots(SlotMapping.AsSpan(), layout.TokenCount, nameof(SlotMapping));
        if (MaxQueryLen < layout.MaxSeqLen)
            throw new ArgumentException($"The longest request has {layout.MaxSeqLen} new tokens, above {MaxQueryLen}.");
        return layout;
    }

    /// <summary>
    /// Refuses tables in which a new token would overwrite what another one, or another prompt, has in the same block.
    /// </summary>
    private static void CheckBlocks(PackedLayout layout, IReadOnlyList<int[]> blockTables, int blockSize)
    {
        var ownerOf = new Dictionary<int, (int Prompt, bool Written)>();
        for (var prompt = 0; prompt < layout.PromptCount; prompt++)
        {
            var blocks = blockTables[prompt] ?? throw new ArgumentException($"Prompt {prompt} has no table.", nameof(blockTables));
            var (past, tokens) = (layout.PastLengths[prompt], layout.PastLengths[prompt] + layout.Lengths[prompt]);
            if ((long)blocks.Length * blockSize < tokens)
                throw new ArgumentException(
                    $"Prompt {prompt} has {blocks.Length} blocks of {blockSize} for {tokens} tokens.", nameof(blockTables));
            for (var i = 0; i <= (tokens - 1) / blockSize; i++)
            {
                var written = i >= past / blockSize;
                if (blocks[i] < 0)
                    throw new ArgumentException(
                        $"Prompt {prompt} has the block {blocks[i]}; blocks are not negative.", nameof(blockTables));
                if (!ownerOf.TryAdd(blocks[i], (prompt, written)) && ownerOf[blocks[i]] is var owner
                    && (written || owner.Written || owner.Prompt == prompt))
                    throw new ArgumentException(
                        owner.Prompt == prompt
                            ? $"Prompt {prompt} has block {blocks[i]} twice."
                            : $"Prompts {owner.Prompt} and {prompt} share block {blocks[i]}, and new tokens go to it.",
                        nameof(blockTables));
            }
        }
    }
}
