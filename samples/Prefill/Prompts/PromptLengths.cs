using System.Globalization;

namespace PackingKit.Samples.Prefill.Prompts;

/// <summary>The lengths of a set of prompts, and prompts of those lengths.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Values">Tokens of each prompt, at least 1.</param>
internal sealed record PromptLengths(string Name, int[] Values) : IPromptSet
{
    public IReadOnlyList<int> Lengths => Values;

    /// <summary>Names of the sets that come with the sample; Lengths/README.md says where they are from.</summary>
    public static IReadOnlyList<string> Shipped { get; } = ["mmlu", "azure-conversation"];

    /// <summary>Reads a file of one length per line; empty lines and lengths of 0 are left out, as there is nothing to prefill.</summary>
    public static PromptLengths Read(string file, int maxLength)
    {
        var path = Shipped.Contains(file) && !File.Exists(file) ? Path.Combine(AppContext.BaseDirectory, "Lengths", $"{file}.csv") : file;
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file}: {exception.Message}", exception);
        }
        var values = new List<int>(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].AsSpan().Trim().IsEmpty)
                continue;
            if (!int.TryParse(
                lines[i], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value))
                throw new BadInputException($"{file}, line {i + 1}: '{lines[i]}' is not a number of tokens.");
            if (value > 0)
                values.Add(Math.Min(value, maxLength));
        }
        if (values.Count == 0)
            throw new BadInputException($"{file}: there is no prompt length in it.");
        return new PromptLengths(Path.GetFileNameWithoutExtension(file), [.. values]);
    }

    /// <summary>Batches of seeded random token IDs, in the order of the file, which starts again where it ends.</summary>
    public int[][][] Batches(int count, int size, int vocabulary, int seed)
    {
        var random = new Random(seed);
        var next = 0;
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, size).Select(_ => Prompt()).ToArray())];

        int[] Prompt()
        {
            var prompt = new int[Values[next++ % Values.Length]];
            for (var i = 0; i < prompt.Length; i++)
                prompt[i] = random.Next(vocabulary);
            return prompt;
        }
    }
}
