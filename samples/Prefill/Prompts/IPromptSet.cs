namespace PackingKit.Samples.Prefill.Prompts;

/// <summary>Where a run's prompts come from.</summary>
internal interface IPromptSet
{
    /// <summary>As tables have it.</summary>
    string Name { get; }

    /// <summary>Tokens of each prompt, at least 1.</summary>
    IReadOnlyList<int> Lengths { get; }

    /// <summary>The longest of the first prompts that batches take.</summary>
    int Longest(long prompts) => Lengths.Take((int)Math.Min(prompts, int.MaxValue)).Max();

    /// <summary>Batches of token IDs, the same for the same seed.</summary>
    /// <param name="count">Batches.</param>
    /// <param name="size">Prompts of a batch.</param>
    /// <param name="vocabulary">Token IDs are below this.</param>
    /// <param name="seed">Of token IDs that the set does not have.</param>
    int[][][] Batches(int count, int size, int vocabulary, int seed);
}
