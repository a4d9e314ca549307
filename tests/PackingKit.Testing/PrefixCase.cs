namespace PackingKit.Testing;

/// <summary>Generated prompts that begin alike, and the tokens of a pass. Printed in full where a property fails.</summary>
/// <param name="Prompts">Token IDs of each prompt, at least one; not to be changed once the case is in use.</param>
/// <param name="Budget">Tokens of a pass, at least 1; prompts may be longer.</param>
public sealed record PrefixCase(int[][] Prompts, int Budget)
{
    /// <summary>The prompts as a forest.</summary>
    public PrefixForest ToForest(int minShared = 1) => PrefixForest.FromTokens(Prompts, minShared);

    /// <summary>The first prompts and a budget that none of them exceeds: small enough for every packing to be tried.</summary>
    public PrefixCase Small(int prompts)
    {
        var first = Prompts[..Math.Min(prompts, Prompts.Length)];
        return new(first, Math.Max(Budget, first.Select(prompt => prompt.Length).DefaultIfEmpty(1).Max()));
    }

    /// <summary>Drops prompts, then cuts them, then lowers the budget.</summary>
    public static IEnumerable<PrefixCase> Shrink(PrefixCase of)
    {
        for (var chunk = of.Prompts.Length; chunk > 0; chunk /= 2)
            for (var start = 0; start + chunk <= of.Prompts.Length; start += chunk)
                yield return of with { Prompts = [.. of.Prompts[..start], .. of.Prompts[(start + chunk)..]] };
        for (var prompt = 0; prompt < of.Prompts.Length; prompt++)
            if (of.Prompts[prompt].Length > 1)
                yield return of with { Prompts = [.. of.Prompts[..prompt], of.Prompts[prompt][..^1], .. of.Prompts[(prompt + 1)..]] };
        if (of.Budget > 1)
            yield return of with { Budget = of.Budget - 1 };
    }

    /// <summary>A random case: each prompt goes on from the beginning of an earlier one, repeats or cuts it, or begins anew.</summary>
    public static PrefixCase Random(Random random, int prompts, int maxTail = 8)
    {
        var letters = random.Next(1, 4);
        List<int[]> drawn = [];
        while (drawn.Count < prompts)
        {
            var earlier = drawn.Count == 0 || random.Next(5) == 0 ? [] : drawn[random.Next(drawn.Count)];
            int[] tail = [.. Enumerable.Range(0, random.Next(maxTail)).Select(_ => random.Next(letters))];
            int[] prompt = [.. earlier[..random.Next(earlier.Length + 1)], .. tail];
            drawn.Add(prompt.Length > 0 ? prompt : [random.Next(letters)]);
        }
        var longest = drawn.Select(prompt => prompt.Length).DefaultIfEmpty(1).Max();
        return new([.. drawn], random.Next(Math.Max(1, longest / 2), (4 * longest) + 1));
    }

    /// <summary>Whether both have the same prompts in the same order and the same budget.</summary>
    public bool Equals(PrefixCase? other) => other is not null && Budget == other.Budget && Prompts.Length == other.Prompts.Length
        && Prompts.Zip(other.Prompts).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    /// <summary>Of the budget and the number of prompts.</summary>
    public override int GetHashCode() => HashCode.Combine(Budget, Prompts.Length);

    /// <summary>"[[1, 2], [1]] into passes of 3".</summary>
    public override string ToString() =>
        $"[{string.Join(", ", Prompts.Select(prompt => $"[{string.Join(", ", prompt)}]"))}] into passes of {Budget}";
}
