using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>The command, and what each exit code means.</summary>
internal static class CommandLine
{
    public const int Success = 0;

    /// <summary>A result is not as it was written; or a new one does not hold every token that it should, and is not written.</summary>
    public const int Failed = 1;

    /// <summary>An option or a file cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>The report could not be printed: a full disk, or a stream that is closed. The result is written.</summary>
    public const int NoOutput = 3;

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var streams = new Streams(output, error);
        var root = new RootCommand("Packs documents into training sequences, every token accounted for. Without a verb: pack.")
        {
            PackCommand.Create(streams),
            StatsCommand.Create(streams),
            VerifyCommand.Create(streams),
            ResumeCommand.Create(streams),
            HistogramCommand.Create(streams),
            PlanCommand.Create(streams),
            DealCommand.Create(streams),
            SqlCommand.Create(streams),
        };
        root.Options.Add(streams.Json);
        PackCommand.AddTo(root, streams);
        var parsed = root.Parse(args);
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
        catch (ConservationException wrong)
        {
            error.Say(wrong.Message);
            return Failed;
        }
        catch (OutOfMemoryException)
        {
            error.Say(MemoryNeed.Exhausted);
            return BadInput;
        }
        catch (Exception failed) when (Messages.IsOfStream(failed)) // of the report: files have refusals of their own
        {
            error.Say($"The report cannot be printed: {failed.Message}");
            return NoOutput;
        }
    }
}
