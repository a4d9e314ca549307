namespace PackingKit.Samples.Prefill.Prompts;

/// <summary>Reads the sets that options name.</summary>
internal static class PromptSets
{
    /// <summary>Names of the sets of whole prompts that come with the sample; Prompts/README.md says where they are from.</summary>
    public static IReadOnlyList<string> Shipped { get; } = ["bbh"];

    /// <summary>Whether a name stands for a set that comes along; a file of that name is taken before it.</summary>
    public static bool IsShipped(string file) => Shipped.Contains(file) && !File.Exists(file);

    /// <summary>A set of prompts: one that comes along, or a file of JSON lines.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="tasks">Of a set that knows tasks, how many a batch is taken from.</param>
    /// <param name="maxLength">Longer prompts lose their ends.</param>
    public static IPromptSet Read(string file, int tasks, int maxLength)
    {
        if (IsShipped(file))
            return TaskPrompts.Read(Path.Combine(AppContext.BaseDirectory, "Prompts", $"{file}.csv"), tasks, maxLength);
        try
        {
            using var reader = File.OpenText(file);
            var prompts = PromptReader.Read(reader);
            return prompts.Count > 0 ? new PromptFile(Path.GetFileNameWithoutExtension(file), prompts, maxLength)
                : throw new BadInputException($"{file}: there is no prompt in it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SizeFormatException)
        {
            throw new BadInputException($"{file}: {exception.Message}", exception);
        }
    }
}
