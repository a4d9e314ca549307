namespace PackingKit;

/// <summary>
/// A prompt that is known by the hashes of its blocks, as servers log them: equal hashes mean equal tokens up to the end of the block.
/// </summary>
/// <param name="Tokens">Tokens of the prompt, at least 1.</param>
/// <param name="Hashes">One hash for each block, the last of which may be cut short; not to be changed once the prompt is in use.</param>
public readonly record struct BlockPrompt(int Tokens, ReadOnlyMemory<long> Hashes);
