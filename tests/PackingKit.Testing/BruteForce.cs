namespace PackingKit.Testing;

/// <summary>The optimum by trying every way to put each item into a bin in use or into one new bin.</summary>
public static class BruteForce
{
    public static int Optimum(PackingCase of)
    {
        if (of.Sizes.Length > SmallCase.MaxItems)
            throw new ArgumentException($"{of.Sizes.Length} items are too many to try every packing.", nameof(of));
        return Fewest(of, item: 0, residual: new long[of.Sizes.Length], items: new int[of.Sizes.Length], bins: 0, best: of.Sizes.Length);
    }

    /// <summary>The fewest passes of prompts that begin alike, by trying every way to put each into a pass in use or a new one.</summary>
    /// <remarks>Tokens of a pass are the distinct beginnings of its prompts: no tree is needed to count them.</remarks>
    public static int Passes(PrefixCase of)
    {
        if (of.Prompts.Length > SmallCase.MaxItems)
            throw new ArgumentException($"{of.Prompts.Length} prompts are too many to try every packing.", nameof(of));
        var beginnings = of.Prompts.Select(prompt =>
            Enumerable.Range(1, prompt.Length).Select(end => string.Join(' ', prompt[..end])).ToArray()).ToArray();
        return FewestPasses(of, beginnings, 0, [], of.Prompts.Length);
    }

    private static int FewestPasses(PrefixCase of, string[][] beginnings, int prompt, List<HashSet<string>> passes, int best)
    {
        if (passes.Count >= best || prompt == beginnings.Length)
            return Math.Min(passes.Count, best);
        for (var pass = 0; pass <= passes.Count && pass < best; pass++)
        {
            HashSet<string> before = pass == passes.Count ? [] : passes[pass], after = [.. before, .. beginnings[prompt]];
            if (after.Count > of.Budget)
                continue;
            List<HashSet<string>> next = [.. passes];
            if (pass == passes.Count)
                next.Add(after);
            else
                next[pass] = after;
            best = FewestPasses(of, beginnings, prompt + 1, next, best);
        }
        return best;
    }

    private static int Fewest(PackingCase of, int item, long[] residual, int[] items, int bins, int best)
    {
        if (bins >= best || item == of.Sizes.Length)
            return Math.Min(bins, best);
        var size = of.Sizes[item];
        for (var bin = 0; bin <= bins; bin++)
        {
            var isNew = bin == bins;
            if (isNew)
                (residual[bin], items[bin]) = (of.Capacity, 0);
            if (residual[bin] < size || items[bin] == of.Limits.MaxItems)
                continue;
            residual[bin] -= size;
            items[bin]++;
            best = Fewest(of, item + 1, residual, items, isNew ? bins + 1 : bins, best);
            residual[bin] += size;
            items[bin]--;
        }
        return best;
    }
}
