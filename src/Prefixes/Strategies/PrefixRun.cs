namespace PackingKit;

/// <summary>What the strategies share around their loops.</summary>
internal static class PrefixRun
{
    /// <summary>Prompts that are placed between two looks at the token: some milliseconds.</summary>
    public const int PromptsBetweenLooks = 1024;

    /// <summary>A result with the bound of the tree.</summary>
    public static PrefixResult Result(IPrefixStrategy strategy, PrefixProblem problem, ReadOnlySpan<int> passOfPrompt, int passCount) =>
        new(problem, strategy.Id, passOfPrompt, passCount, PrefixBound.Tree(problem));
}
