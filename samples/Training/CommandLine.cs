using System.CommandLine;

namespace PackingKit.Samples.Training;

/// <summary>The command, and what each exit code means.</summary>
internal static class CommandLine
{
    public const int Success = 0;

    /// <summary>The result does not hold every token that it should; nothing has been written.</summary>
    public const int Failed = 1;

    /// <summary>An option or a file cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>The report could not be printed: a full disk, or a stream that is closed. No index was written.</summary>
    public const int NoOutput = 3;

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var options = new TrainingOptions();
        var root = new RootCommand("Packs documents into training sequences of one length, and writes which tokens go where.");
        options.AddTo(root);
        root.SetAction(parsed => Run(options.Read(parsed), output, error));
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

    private static int Run(TrainingSettings settings, TextWriter output, TextWriter error)
    {
        var documents = DocumentLengths.Read(settings.Input, settings.Field, settings.Column);
        var pieces = Pieces.Of(documents, settings.Capacity, settings.Long);
        var strategy = PackingStrategies.Create(settings.Strategy, new SearchOptions { TimeLimit = settings.TimeLimit });
        var result = strategy.Pack(PackingProblem.Borrow(pieces.Lengths, settings.Capacity));
        var windows = Windows.Pack(pieces.Items, settings.Capacity); // before the index takes memory
        var index = PackIndex.Of(result.Packing, pieces.Items, settings.Ranks, settings.Shuffle);
        if (Conservation.Check(documents, index, settings.Capacity, settings.Long) is { } wrong)
        {
            error.Say(wrong);
            return Failed;
        }
        var metadata = Metadata.Of(settings, documents, pieces, result, index);
        Report.Write(output, metadata, pieces, result, windows);
        if (settings.Output is { } folder)
            IndexFolder.Write(folder, index, metadata);
        return Success;
    }
}
