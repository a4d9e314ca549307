namespace PackingKit.Attention;

/// <summary>What counts the same in a loss over packed prompts.</summary>
public enum LossWeighting
{
    /// <summary>Every target: each has 1 / targets. Long prompts have more of them, and so more to say.</summary>
    Targets,

    /// <summary>
    /// Every prompt: each of the N targets of a prompt has 1 / (N * prompts), so that the loss is the mean of what the prompts give one by
    /// one, however they are packed (Bai et al., LongAlign, 2024, whose weights are these times the number of packs that are averaged).
    /// Prompts without a target do not count.
    /// </summary>
    Prompts,
}
