using Apache.Arrow;

namespace PackingKit.Samples.Training;

/// <summary>A target of rows, one a pack, in files of equally many. Memory is two groups: one is made while one is written.</summary>
internal abstract class RowTarget : OutputTarget
{
    public override bool WritesTokens => true;

    /// <summary>The columns, the tokens first.</summary>
    protected abstract IReadOnlyList<PackColumn> ColumnsOf(PackSettings settings);

    public override bool TakesWeights(PackSettings settings) => ColumnsOf(settings).Any(column => column.Name == PackColumns.LossWeights);

    protected abstract string FileName(int file, int files);

    protected abstract IRowWriter Open(Stream stream, Schema schema);

    /// <summary>Files beside the rows.</summary>
    protected virtual IEnumerable<PackedFile> WriteMore(PackedJob job, JobFolder folder, IReadOnlyList<PackedFile> rows) => [];

    public override IReadOnlyList<PackedFile> Write(PackedJob job, JobFolder folder, Action<double> report)
    {
        var (packs, each) = (job.Index.PackCount, job.Settings.PacksPerFile);
        var files = Math.Max(1, (packs + each - 1) / each);
        List<PackedFile> written = [];
        for (var file = 0; file < files; file++)
        {
            var range = (file * each)..Math.Min(packs, (file + 1) * each);
            written.Add(folder.Write(FileName(file, files), stream => Write(job, range, stream, report)));
        }
        written.AddRange(WriteMore(job, folder, written));
        return written;
    }

    public override (int Packs, long Slots)? Recount(string path)
    {
        var rows = new LengthList();
        DocumentReaders.Read(path, new InputSettings(), rows);
        var slots = 0L;
        foreach (var length in rows.Memory.Span)
            slots += length;
        return (rows.Count, slots);
    }

    private (int Packs, long Slots) Write(PackedJob job, Range packs, Stream stream, Action<double> report)
    {
        var columns = ColumnsOf(job.Settings);
        var (first, count) = packs.GetOffsetAndLength(job.Index.PackCount);
        using var writer = Open(stream, new Schema(columns.Select(column => column.Field), null));
        var slots = 0L;
        var next = Task.Run(() => Group(first));
        for (var pack = first; pack < first + count;)
        {
            using var group = next.GetAwaiter().GetResult();
            pack += group.Batch.Length;
            var after = pack;
            next = after < first + count ? Task.Run(() => Group(after)) : next;
            writer.Write(group.Batch);
            slots += group.SlotCount;
            report(pack / (double)job.Index.PackCount);
        }
        writer.Close();
        return (count, slots);

        RowGroup Group(int pack) => new(job, columns, pack..Math.Min(pack + job.Settings.RowGroup, first + count));
    }
}

/// <summary>Writes groups of rows into a file.</summary>
internal interface IRowWriter : IDisposable
{
    void Write(RecordBatch rows);

    /// <summary>Ends the file.</summary>
    void Close();
}
