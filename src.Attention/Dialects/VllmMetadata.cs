namespace PackingKit.Attention;

/// <summary>The attention metadata of a vLLM-like engine: queries back to back, keys in the slots of a cache.</summary>
/// <param name="QueryStartLoc"><c>query_start_loc</c>: where each request's queries start, int32, requests + 1.</param>
/// <param name="SeqLens"><c>seq_lens</c>: tokens of each request, new ones included.</param>
/// <param name="SlotMapping"><c>slot_mapping</c>: cache slot of each new token, int64.</param>
/// <param name="MaxQueryLen"><c>max_query_len</c>.</param>
/// <remarks>
/// A forest is said by block tables: each node is a request that has computed what it goes on from, in blocks that its table shares with
/// the other nodes there. All may be in one forward pass, because in every layer new keys are written before anything attends.
/// </remarks>
public sealed record VllmMetadata(ValueList<int> QueryStartLoc, ValueList<int> SeqLens, ValueList<long> SlotMapping, int MaxQueryLen)
{
    /// <summary>
    /// <c>block_table</c>: blocks of each request in the order of its positions, as many as its tokens take; empty where only slots are
    /// known.
    /// </summary>
    public ValueList<ValueList<int>> BlockTables { get; init; } = [];

    /// <summary>Slots of a block; 0 where only slots are known.</summary>
    public int BlockSize { get; init; }

    /// <summary>
    /// <c>common_prefix_len</c> of cascade attention, by vLLM's rule: tokens in the blocks with which all tables begin, of which every
    /// request has computed all before this pass. So it is 0 where the roots of a forest are in the pass, and in later passes what all
    /// share.
    /// </summary>
    public int CommonPrefixLen
    {
        get
        {
            if (BlockTables is not [var first, ..] || QueryStartLoc.Count != BlockTables.Count + 1 || SeqLens.Count != BlockTables.Count)
                return 0;
            var blocks = first.Count;
            for (var request = 0; request < BlockTables.Count; request++)
            {
                var computed = SeqLens[request] - (QueryStartLoc[request + 1] - QueryStartLoc[request]);
                var same = first.AsSpan().CommonPrefixLength(BlockTables[request].AsSpan());
                blocks = Math.Min(blocks, Math.Min(same, computed / BlockSize));
            }
            return blocks * BlockSize;
        }
    }

    /// <summary>
    /// From a layout whose tokens are all new, with blocks handed out from 0 on: in a forest each node's new ones behind those of its path.
    /// </summary>
    /// <param name="layout">Prompts, or the nodes of a forest.</param>
    /// <param name="blockSize">Slots of a block, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="layout"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blockSize"/> is below 1.</exception>
    /// <exception cref="NotSupportedException">
    /// The layout has padding, rows or another order; prompts go on from tokens outside of it; or two nodes go on within a block, and vLLM
    /// shares only whole ones: the message names them.
    /// </exception>
    public static VllmMetadata From(PackedLayout layout, int blockSize)
    {
        DialectChecks.ConcatenatedForest(layout, Dialect);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        if (!layout.IsForest)
            DialectChecks.NoPast(layout, "A cache that begins empty");
        var tables = new int[layout.PromptCount][];
        // Who has written to a block last; a shared block that is not full takes one who goes on.
        var (writers, free) = (new List<int>(), 0);
        for (var prompt = 0; prompt < tables.Length; prompt++)
        {
            var past = layout.PastLengths[prompt];
            var blocks = new int[BlocksOf(past + layout.Lengths[prompt], blockSize)];
            var shared = BlocksOf(past, blockSize);
            if (past > 0)
                tables[layout.Parents[prompt]].AsSpan(..shared).CopyTo(blocks);
            if (past % blockSize != 0)
            {
                if (writers[blocks[shared - 1]] != layout.Parents[prompt])
                    throw new NotSupportedException(
                        $"Nodes {writers[blocks[shared - 1]]} and {prompt} follow {past % blockSize} of {blockSize} tokens of a block, "
                        + "and vLLM shares whole blocks: share beginnings of whole blocks, as PrefixForest.FromBlocks does, "
                        + "or take blocks of 1.");
                writers[blocks[shared - 1]] = prompt;
            }
            for (var block = shared; block < blocks.Length; block++)
            {
                blocks[block] = free++;
                writers.Add(prompt);
            }
            tables[prompt] = blocks;
        }
        return From(layout, tables, blockSize);
    }

    /// <summary>From a layout in token order and a cache of fixed-size blocks: slot = block * block size + position % block size.</summary>
    /// <param name="layout">The new tokens, with what their prompts have had before.</param>
    /// <param name="blockTables">Blocks of each prompt, in the order of its positions.</param>
    /// <param name="blockSize">Slots of a block, at least 1.</param>
    /// <exception cref="NotSupportedException">The layout has padding, rows or another order.</exception>
    /// <exception cref="ArgumentException">
    /// A prompt has no table, too few blocks or a negative one, or a block that new tokens go to is another prompt's too or its own twice;
    /// the message names prompt and block. Blocks of earlier tokens alone may be shared. In a forest, a node's table does not begin with
    /// the blocks of the node that it goes on from, or two tokens go to one slot.
    /// </exception>
    public static VllmMetadata From(PackedLayout layout, IReadOnlyList<int[]> blockTables, int blockSize)
    {
        DialectChecks.ConcatenatedForest(layout, Dialect);
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
        DialectChecks.CacheSlots(slots, layout.TokenCount, nameof(blockTables));
        return Of(layout, slots) with
        {
            BlockTables =
            [
                .. DialectChecks.KeyLengths(layout).Select((tokens, prompt) =>
                    ValueList.Create<int>(blockTables[prompt].AsSpan(..BlocksOf(tokens, blockSize)))),
            ],
            BlockSize = blockSize,
        };
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
        DialectChecks.Concatenated(layout, $"{Dialect} without block tables");
        DialectChecks.CacheSlots(slotMapping, layout.TokenCount, nameof(slotMapping));
        return Of(layout, slotMapping);
    }

    /// <summary>
    /// Back to the layout; where the keys lie is in <see cref="SlotMapping"/>. Where requests go on from tokens that others write, by their
    /// block tables, it is a forest.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An array is missing, or the numbers contradict each other; the message names where. Or some requests go on from others of the pass,
    /// and some from earlier tokens, or not in depth-first order: no layout says that.
    /// </exception>
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
        ArgumentNullException.ThrowIfNull(BlockTables);
        return BlockTables.Count == 0 ? layout : WithParents(layout);
    }

    private const string Dialect = "vLLM's metadata";

    private static int BlocksOf(long tokens, int blockSize) => (int)((tokens + blockSize - 1) / blockSize);

    private static VllmMetadata Of(PackedLayout layout, ReadOnlySpan<long> slotMapping) => new(
        ValueList.Create(layout.CuSeqLens), [.. DialectChecks.KeyLengths(layout)], ValueList.Create(slotMapping), layout.MaxSeqLen);

    /// <summary>The layout as a forest, where block tables lead to tokens that other requests write.</summary>
    private PackedLayout WithParents(PackedLayout layout)
    {
        if (BlockTables.Count != layout.PromptCount || BlockSize < 1)
            throw new ArgumentException($"{layout.PromptCount} requests have {BlockTables.Count} tables of blocks of {BlockSize}.");
        var writerOf = new Dictionary<long, int>(layout.TokenCount);
        for (var request = 0; request < layout.PromptCount; request++)
        {
            var (blocks, past) = (BlockTables[request], layout.PastLengths[request]);
            ArgumentNullException.ThrowIfNull(blocks, nameof(BlockTables));
            if (blocks.Count != BlocksOf((long)past + layout.Lengths[request], BlockSize))
                throw new ArgumentException(
                    $"Request {request} has {blocks.Count} blocks of {BlockSize} for {(long)past + layout.Lengths[request]} tokens.");
            for (var i = 0; i < layout.Lengths[request]; i++)
            {
                var slot = SlotMapping[layout.CuSeqLens[request] + i];
                if (slot != SlotOf(blocks, past + i))
                    throw new ArgumentException($"Token {i} of request {request} goes to slot {slot}, where its table does not lead.");
                writerOf.Add(slot, request);
            }
        }
        var (parents, path) = (new int[layout.PromptCount], new Stack<int>());
        for (var request = 0; request < parents.Length; request++)
        {
            var (blocks, past) = (BlockTables[request], layout.PastLengths[request]);
            parents[request] = past > 0 && writerOf.TryGetValue(SlotOf(blocks, past - 1), out var writer) ? writer : -1;
            while (path.TryPeek(out var top) && top != parents[request])
                path.Pop();
            if (parents[request] is >= 0 and var parent)
            {
                if (path.Count == 0 || layout.PastLengths[parent] + layout.Lengths[parent] != past
                    || !Begins(blocks, BlockTables[parent], BlocksOf(past, BlockSize)))
                    throw new ArgumentException(
                        $"Request {request} goes on from request {parent}, but not from its end, by its blocks or in depth-first order.");
            }
            path.Push(request);
        }
        if (Array.TrueForAll(parents, parent => parent < 0))
            return layout;
        for (var request = 0; request < parents.Length; request++)
            if (parents[request] < 0 && layout.PastLengths[request] > 0)
                throw new ArgumentException($"Request {request} goes on from earlier tokens, beside others that go on from each other.");
        return PackedLayout.FromNodes(layout.Lengths.ToArray(), parents);

        long SlotOf(ValueList<int> blocks, int position) => (long)blocks[position / BlockSize] * BlockSize + position % BlockSize;

        static bool Begins(ValueList<int> blocks, ValueList<int> with, int count) =>
            with.Count >= count && blocks.AsSpan()[..count].SequenceEqual(with.AsSpan()[..count]);
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
                if (layout.IsForest)
                {
                    // Here new tokens are read by others in the same pass: slots are compared below, token by token.
                    if (i < BlocksOf(past, blockSize) && blocks[i] != blockTables[layout.Parents[prompt]][i])
                        throw new ArgumentException(
                            $"Node {prompt} has block {blocks[i]} at {i}, node {layout.Parents[prompt]} that it goes on from has "
                            + $"{blockTables[layout.Parents[prompt]][i]}.", nameof(blockTables));
                    continue;
                }
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
