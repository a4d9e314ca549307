using System.Diagnostics;

namespace PackingKit.Samples.Training;

/// <summary>A run from documents to a folder of packs. Each stage leaves what it made, for a run that goes on after a kill.</summary>
/// <param name="settings">All that decides the result.</param>
/// <param name="report">Told the stage and how much of it is done, from 0 to 1.</param>
internal sealed class PackJob(PackSettings settings, Action<string, double> report)
{
    /// <summary>Memory that packing by a heuristic and writing take for a document at one time.</summary>
    public const int BytesPerDocument = 40;

    private readonly OutputTarget _target = OutputTargets.Named(settings.To);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Packs without writing anything.</summary>
    /// <exception cref="BadInputException">The input or the settings cannot be used.</exception>
    public PackOutcome Try()
    {
        var documents = Blended(Read(InputFiles.Expand(settings.Inputs)));
        var (job, times) = Plan(documents, null, _watch.Elapsed);
        return new PackOutcome(ManifestOf(job, "", [], []), times, job);
    }

    /// <summary>Packs into a folder, or finds that this has been done.</summary>
    /// <param name="output">The folder; made where it is not there.</param>
    /// <param name="overwrite">Whether another result that is there goes.</param>
    /// <param name="from">Where inputs are named from, if not here.</param>
    /// <exception cref="BadInputException">The input, the settings or the folder cannot be used.</exception>
    /// <exception cref="ConservationException">The packs do not hold every token that they should.</exception>
    public PackOutcome Run(string output, bool overwrite = false, string? from = null)
    {
        var files = InputFiles.Expand(settings.Inputs.Select(
            input => from is null || input.Length == 0 ? input : Path.GetFullPath(input, from)));
        var sources = InputHashes.Of(files, settings, _target.WritesTokens);
        var fingerprint = InputHashes.Fingerprint(sources, settings);
        using var folder = JobFolder.Open(output);
        try
        {
            if (Finished(folder, fingerprint, overwrite) is { } finished)
                return new PackOutcome(finished, default, null);
            folder.Begin(new JobRecord(fingerprint, from ?? Environment.CurrentDirectory, settings, sources), overwrite);
            var documents = _target.WritesTokens ? Spool(files, folder) : Read(files);
            using var store = _target.WritesTokens ? Store(folder, documents) : null;
            var (job, times) = Plan(Blended(documents), store, _watch.Elapsed);
            var written = _target.Write(job, folder, share => report("write", share));
            var manifest = ManifestOf(job, fingerprint, sources, [.. written]);
            folder.Commit(manifest);
            return new PackOutcome(manifest, times with { Writing = _watch.Elapsed - times.Reading - times.Packing }, job);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--out {output}: {bad.Message}", bad); // what was made stays, for the next run
        }
        catch (Exception bad) when (bad is (BadInputException and not FolderInUseException) or ConservationException)
        {
            folder.Abandon();
            throw;
        }
    }

    private static Manifest? Finished(JobFolder folder, string fingerprint, bool overwrite)
    {
        Manifest? finished;
        try
        {
            finished = JobFolder.Finished(folder.Path);
        }
        catch (FormatException damaged)
        {
            throw new FolderInUseException($"--out {folder.Path}: {Manifest.FileName} is damaged: {damaged.Message}");
        }
        if (finished is null || finished.Fingerprint == fingerprint)
        {
            if (finished is not null)
                folder.RemoveWork();
            return finished;
        }
        if (!overwrite)
            throw new FolderInUseException(
                $"--out {folder.Path}: The folder has another result, {finished.Fingerprint[..16]}; choose another one, or --overwrite.");
        folder.Remove();
        return null;
    }

    private DocumentSet Read(IReadOnlyList<string> files)
    {
        var lengths = new LengthList { Frame = settings.Frame };
        var starts = ReadInto(files, lengths, () => lengths.Count);
        return new DocumentSet(lengths.Memory, starts);
    }

    /// <summary>Hands all documents to a sink.</summary>
    /// <returns>The first document of each file.</returns>
    private int[] ReadInto(IReadOnlyList<string> files, IDocumentSink sink, Func<int> count)
    {
        var starts = new int[files.Count];
        for (var file = 0; file < files.Count; file++)
        {
            starts[file] = count();
            DocumentReaders.Read(files[file], settings.Input, sink);
            report("read", (file + 1.0) / files.Count);
        }
        return starts;
    }

    /// <summary>The tokens in a scratch file, and the lengths; those of a run before, where they still are as it wrote them.</summary>
    private DocumentSet Spool(IReadOnlyList<string> files, JobFolder folder)
    {
        if (SpoolRecord.Read(folder) is { } done)
            return new DocumentSet(ArrayFile.ReadInts(folder.PathOf(SpoolRecord.Lengths)), done.Starts);
        using var spool = new TokenSpool(
            folder.PathOf(SpoolRecord.Tokens), settings.Input.WeightField is null ? null : folder.PathOf(SpoolRecord.Weights), settings);
        var starts = ReadInto(files, spool, () => spool.Lengths.Count);
        new SpoolRecord(starts, spool.Complete(folder)).Write(folder);
        return new DocumentSet(spool.Lengths.Memory, starts);
    }

    private TokenStore Store(JobFolder folder, DocumentSet documents) => new(
        folder.PathOf(SpoolRecord.Tokens), settings.Input.WeightField is null ? null : folder.PathOf(SpoolRecord.Weights),
        documents.Lengths.Span);

    /// <summary>Each input's documents as often as its weight says.</summary>
    private DocumentSet Blended(DocumentSet documents)
    {
        if (settings.Weights.Count == 0)
            return documents;
        double[] weights =
        [
            .. settings.Inputs.Zip(settings.Weights).SelectMany(
                input => Enumerable.Repeat(input.Second, InputFiles.Expand([input.First]).Count)),
        ];
        return documents.Blend(weights, (int)(settings.Shuffle ?? 0) + settings.Epoch);
    }

    private (PackedJob Job, PackTimes Times) Plan(DocumentSet documents, TokenStore? store, TimeSpan reading)
    {
        report("pack", 0);
        var (packed, index) = PackPlan.Make(settings, documents);
        if (PackConservation.FindFault(index) is { } fault)
            throw new ConservationException(fault);
        report("pack", 1);
        return (new PackedJob(settings, documents, store, packed, index), new PackTimes(reading, _watch.Elapsed - reading, default));
    }

    private Manifest ManifestOf(PackedJob job, string fingerprint, ValueList<SourceFile> sources, ValueList<PackedFile> files)
    {
        var (index, pieces) = (job.Index, job.Index.Pieces);
        var most = 0;
        Int128 squares = 0;
        for (var pack = 0; pack < index.PackCount; pack++)
            most = Math.Max(most, index[pack].Length);
        foreach (var slots in pieces.Slots)
            squares += (long)slots * slots;
        return new Manifest
        {
            Fingerprint = fingerprint,
            Settings = settings,
            Sources = sources,
            Documents = job.Documents.Lengths.Length,
            Pieces = pieces.Count,
            Tokens = pieces.TokenCount,
            Split = pieces.Split,
            Truncated = pieces.Truncated,
            Dropped = pieces.Dropped,
            Empty = pieces.Empty,
            LostTokens = pieces.LostTokens,
            RepeatedTokens = pieces.RepeatedTokens,
            Packs = index.PackCount,
            LowerBound = job.Packed.Bound.Bins,
            BoundRule = job.Packed.Bound.Rule,
            Gap = index.PackCount - job.Packed.Bound.Bins,
            Fill = index.Fill,
            MaxPiecesPerPack = most,
            AttentionShare = index.PackCount == 0 ? 0 : (double)squares / index.PackCount / ((double)settings.Capacity * settings.Capacity),
            BlockLength = Checksums.BlockLength,
            Files = files,
        };
    }
}

/// <summary>What a run made.</summary>
/// <param name="Manifest">Of the result.</param>
/// <param name="Times">How long each stage took.</param>
/// <param name="Job">What was packed; <see langword="null"/> where the result was there already.</param>
internal sealed record PackOutcome(Manifest Manifest, PackTimes Times, PackedJob? Job);

/// <summary>How long each stage took.</summary>
internal readonly record struct PackTimes(TimeSpan Reading, TimeSpan Packing, TimeSpan Writing);

/// <summary>The packs do not hold every token that they should: a fault of the program.</summary>
internal sealed class ConservationException(string message) : Exception(message);

/// <summary>The folder is not to be touched.</summary>
internal sealed class FolderInUseException(string message) : BadInputException(message);
