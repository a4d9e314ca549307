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

    private readonly FileStream _lock;
    private readonly bool _isNew;

    private JobFolder(string path)
    {
        Path = path;
        _isNew = !Directory.Exists(path);
        Directory.CreateDirectory(path);
        _lock = FolderLock.Take(path);
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
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"--out {path}: {bad.Message}", bad);
        }
    }

    /// <summary>The settings of a run that was stopped.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static JobRecord Unfinished(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<JobRecord>(File.ReadAllBytes(System.IO.Path.Combine(path, Work, Job)), Manifest.Json)!;
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BadInputException($"{path}: There is no run to go on with.", bad);
        }
    }

    /// <summary>The manifest of a finished run, if there is one.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static Manifest? Finished(string path)
    {
        var file = System.IO.Path.Combine(path, Manifest.FileName);
        return File.Exists(file) ? Manifest.Parse(File.ReadAllBytes(file)) : null;
    }

    /// <summary>Keeps what an equal run has made before it was stopped, and removes what another one has.</summary>
    public void Begin(JobRecord job)
    {
        var record = JsonSerializer.SerializeToUtf8Bytes(job, Manifest.Json);
        var file = PathOf(Job);
        if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(record))
            return;
        RemoveWork();
        Directory.CreateDirectory(System.IO.Path.Combine(Path, Work));
        WriteWhole(Job, stream => stream.Write(record));
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
        if (Has(name + Done))
            return JsonSerializer.Deserialize<PackedFile>(File.ReadAllBytes(PathOf(name + Done)), Manifest.Json)!;
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
        RemoveWork();
        if (!_isNew)
            return;
        _lock.Dispose();
        File.Delete(_lock.Name);
        if (!Directory.EnumerateFileSystemEntries(Path).Any())
            Directory.Delete(Path);
    }

    /// <summary>Removes a finished result; files that are not its own stay.</summary>
    public void Remove(Manifest finished)
    {
        File.Delete(System.IO.Path.Combine(Path, Manifest.FileName)); // first: without it the others are no result
        foreach (var file in finished.Files)
            File.Delete(System.IO.Path.Combine(Path, file.Name));
    }

    public void Dispose() => _lock.Dispose();

    public void RemoveWork()
    {
        var work = System.IO.Path.Combine(Path, Work);
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
    }
}

/// <summary>What a run is about, so that another can go on with it.</summary>
/// <param name="Fingerprint">Of its inputs and settings.</param>
/// <param name="Folder">The working directory, by which inputs are named.</param>
/// <param name="Settings">All of them.</param>
internal sealed record JobRecord(string Fingerprint, string Folder, PackSettings Settings);
