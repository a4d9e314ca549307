namespace PackingKit;

/// <summary>Consecutive tokens of one document.</summary>
/// <param name="Document">Number of the document, from 0, in input order.</param>
/// <param name="Start">Its first token, from 0.</param>
/// <param name="Length">Number of tokens, at least 1.</param>
public readonly record struct Piece(int Document, int Start, int Length);
