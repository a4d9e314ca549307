using System.Text.Json;

namespace PackingKit.Samples.Training;

/// <summary>
/// The folder of a result, held by one run at a time. What is being made lies in <c>.writing</c>, file by file, each renamed when it is
/// whole; at the end all of it is moved up and the manifest comes last. So a folder with a manifest is whole, and a run that was killed
/// goes on with the files that it has.
/// </summary>
internal sealed class JobFolder : IDisposable
{
    private const string Work = ".writing";
    private const string Job = "job.json";
    private const string Done = ".done";
    private const string Replaced = "replaced.json";

    /// <summary>Endings of what trainers read, and of what is written over.</summary>
    private static readonly string[] Data = [".parquet", ".arrow", ".npy", ".json"];

    private readonly FileStream _lock;
    private readonly bool _isNew;

    private JobFolder(string path)
    {
        Path = path;
        _isNew = !Directory.Exists(path);
        Directory.CreateDirectory(path);
        _lock = FolderLock.Take(path);
        FinishRemoval();
    }

    public string Path { get; }

    /// <summary>Waits for another run that holds the folder.</summary>
    /// <exception cref="BadInputException">The folder cannot be written to.</exception>
    public static JobFolder Open(string path)
    {
        try
        {
            return new JobFolder(path);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            throw new BadInputException($"--out {path}: {bad.Message}", bad);
        }
    }

    /// <summary>The settings of a run that was stopped.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static JobRecord Unfinished(string path) =>
        ReadJob(path) ?? throw new BadInputException($"{path}: There is no run to go on with.");

    /// <summary>The manifest of a finished run, if there is one.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static Manifest? Finished(string path)
    {
        var file = System.IO.Path.Combine(path, Manifest.FileName);
        return File.Exists(file) ? Manifest.Parse(File.ReadAllBytes(file)) : null;
    }

    /// <summary>What is in a folder beside the files with these names and what runs leave.</summary>
    public static IEnumerable<string> Strangers(string path, IEnumerable<string> known)
    {
        string[] own = [.. known, Manifest.FileName, Work];
        return new DirectoryInfo(path).EnumerateFileSystemInfos()
            .Where(entry => !own.Contains(entry.Name) && !FolderLock.Is(entry))
            .Select(entry => entry.Name).Order(StringComparer.Ordinal);
    }

    /// <summary>Keeps what an equal run has made before it was stopped; what another one has goes where that is wanted.</summary>
    /// <exception cref="FolderInUseException">The folder has another run's work, or files of others that a trainer would read.</exception>
    public void Begin(JobRecord job, bool overwrite)
    {
        if (Strangers(Path, MovedUp()).FirstOrDefault(name => Data.Contains(System.IO.Path.GetExtension(name))) is { } stranger)
            throw new FolderInUseException(
                $"--out {Path}: {stranger} does not belong to a result, and a trainer may take it for data; choose another folder.");
        if (Has(Job) && ReadJob(Path) is var other && other?.Fingerprint != job.Fingerprint)
        {
            if (!overwrite)
                throw new FolderInUseException($"--out {Path}: The folder has a run that was stopped, and {job.DifferenceFrom(other)}; "
                    + "choose another folder, or pack with --overwrite.");
            DiscardWork();
        }
        if (!Has(Job))
            DiscardWork();
        Directory.CreateDirectory(System.IO.Path.Combine(Path, Work));
        WriteWhole(Job, stream => JsonSerializer.Serialize(stream, job, Manifest.Json));
    }

    /// <summary>A file of the work in hand.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, Work, name);

    /// <summary>Whether the work has a file, whole.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Writes a file of the result, unless a run that was stopped has done so.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="write">Writes it, and tells how many packs and slots it has.</param>
    public PackedFile Write(string name, Func<Stream, (int Packs, long Slots)> write)
    {
        if (Whole(name) is { } whole)
            return whole;
        PackedFile? file = null;
        WriteWhole(name, stream =>
        {
            using var sums = new ChecksumStream(stream);
            var (packs, slots) = write(sums);
            file = new PackedFile(name, sums.Length, packs, slots, sums.Blocks);
        });
        WriteWhole(name + Done, stream => JsonSerializer.Serialize(stream, file, Manifest.Json));
        return file!;
    }

    private static JobRecord? ReadJob(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<JobRecord>(File.ReadAllBytes(System.IO.Path.Combine(path, Work, Job)), Manifest.Json);
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>A file that a run before has written, if it still is as it was.</summary>
    private PackedFile? Whole(string name)
    {
        if (!Has(name + Done))
            return null;
        try
        {
            var file = JsonSerializer.Deserialize<PackedFile>(File.ReadAllBytes(PathOf(name + Done)), Manifest.Json)!;
            return Checksums.Blocks(Has(name) ? PathOf(name) : System.IO.Path.Combine(Path, name)).SequenceEqual(file.Blocks) ? file : null;
        }
        catch (Exception bad) when (bad is JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>Writes a file that is there whole or not at all.</summary>
    public void WriteWhole(string name, Action<Stream> write)
    {
        var unfinished = PathOf($"{name}.unfinished");
        using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, PathOf(name), overwrite: true);
    }

    /// <summary>Moves everything up, the manifest last.</summary>
    public void Commit(Manifest manifest)
    {
        foreach (var file in manifest.Files)
            if (Has(file.Name))
                File.Move(PathOf(file.Name), System.IO.Path.Combine(Path, file.Name), overwrite: true);
        WriteWhole(Manifest.FileName, stream => stream.Write(manifest.ToBytes()));
        File.Move(PathOf(Manifest.FileName), System.IO.Path.Combine(Path, Manifest.FileName), overwrite: true);
        RemoveWork();
    }

    /// <summary>Leaves the folder as it was found: nothing of this run stays.</summary>
    public void Abandon()
    {
        DiscardWork();
        if (!_isNew)
            return;
        _lock.Dispose();
        File.Delete(_lock.Name);
        if (!Directory.EnumerateFileSystemEntries(Path).Any())
            Directory.Delete(Path);
    }

    /// <summary>Removes a finished result, though a run is killed meanwhile; files that are not its own stay.</summary>
    public void Remove()
    {
        RemoveWork();
        Directory.CreateDirectory(System.IO.Path.Combine(Path, Work));
        File.Move(System.IO.Path.Combine(Path, Manifest.FileName), PathOf(Replaced)); // first: without it the others are no result
        FinishRemoval();
    }

    public void Dispose() => _lock.Dispose();

    public void RemoveWork()
    {
        var work = System.IO.Path.Combine(Path, Work);
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
    }

    private void FinishRemoval()
    {
        if (!Has(Replaced))
            return;
        foreach (var file in Manifest.Parse(File.ReadAllBytes(PathOf(Replaced))).Files)
            File.Delete(System.IO.Path.Combine(Path, file.Name));
        RemoveWork();
    }

    /// <summary>Removes the work with those of its files that are moved up already.</summary>
    private void DiscardWork()
    {
        foreach (var name in MovedUp())
            File.Delete(System.IO.Path.Combine(Path, name));
        RemoveWork();
    }

    /// <summary>Files of the work that may stand in the folder, where a run was killed as it ended.</summary>
    private IEnumerable<string> MovedUp() => System.IO.Path.Combine(Path, Work) is var work && Directory.Exists(work)
        ? [.. Directory.GetFiles(work, "*" + Done).Select(file => System.IO.Path.GetFileNameWithoutExtension(file))] : [];
}

/// <summary>What a run is about, so that another can go on with it.</summary>
/// <param name="Fingerprint">Of its inputs and settings.</param>
/// <param name="Folder">The working directory, by which inputs are named.</param>
/// <param name="Settings">All of them.</param>
/// <param name="Sources">The inputs.</param>
internal sealed record JobRecord(string Fingerprint, string Folder, PackSettings Settings, ValueList<SourceFile> Sources)
{
    /// <summary>In words.</summary>
    public string DifferenceFrom(JobRecord? other)
    {
        if (other is null)
            return "what it was about cannot be read";
        var changed = Sources.Zip(other.Sources).Where(pair => (pair.First.Bytes, pair.First.Hash) != (pair.Second.Bytes, pair.Second.Hash))
            .Select(pair => pair.First.Name).FirstOrDefault();
        return Sources.Count != other.Sources.Count ? $"it has {other.Sources.Count} inputs, not {Sources.Count}"
            : changed is not null ? $"the content of {changed} is not what it began with" : "it has other settings";
    }
}
