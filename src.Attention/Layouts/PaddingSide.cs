namespace PackingKit.Attention;

/// <summary>Where a batch of one row per prompt carries its padding.</summary>
public enum PaddingSide
{
    /// <summary>Prompts end at the last column, as decoding loops that append want it.</summary>
    Left,

    /// <summary>Prompts start at column 0, as causal attention without a mask wants it.</summary>
    Right,
}
