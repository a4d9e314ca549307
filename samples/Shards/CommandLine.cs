using System.CommandLine;

namespace PackingKit.Samples.Shards;

/// <summary>The command with its verbs, and what each exit code means.</summary>
internal static class CommandLine
{
    public const int Success = 0;

    /// <summary>An option or a file cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>Output cannot be written: a full disk, or a stream that is closed.</summary>
    public const int NoOutput = 3;

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Packs documents of many machines: every shard counts, one place plans, every shard deals alone.")
        {
            HistogramVerb.Create(output), PlanVerb.Create(output), DealVerb.Create(output), SqlVerb.Create(output),
        };
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        string[] mistakes = [.. UnknownOptions.Messages(parsed, args), .. parsed.Errors.Select(mistake => mistake.Message)];
        foreach (var mistake in mistakes)
            error.Say(mistake);
        if (mistakes.Length > 0)
            return BadInput;
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (BadInputException bad)
        {
            error.Say(bad.Message);
            return BadInput;
        }
        catch (OutOfMemoryException)
        {
            error.Say(MemoryNeed.Exhausted);
            return BadInput;
        }
        catch (Exception failed) when (Messages.IsOfStream(failed))
        {
            error.Say($"Output cannot be written: {failed.Message}");
            return NoOutput;
        }
    }
}
