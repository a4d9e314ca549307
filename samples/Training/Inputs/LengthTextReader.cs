namespace PackingKit.Samples.Training;

/// <summary>Lengths as text: whatever <see cref="SizeReader"/> reads.</summary>
internal sealed class LengthTextReader : IDocumentReader
{
    /// <summary>What is no text: refused by name rather than by what stands in it.</summary>
    private static readonly string[] Others = [".gz", ".zst", ".bz2", ".xz", ".zip", ".npz"];

    public bool Reads(string path, InputSettings settings) => true;

    public void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        var ending = Path.GetExtension(path).ToLowerInvariant();
        if (Others.Contains(ending))
            throw new FormatException($"Files that end in {ending} are not read.");
        try
        {
            using var reader = new StreamReader(path);
            var sizes = SizeReader.Read(reader, column: settings.Column);
            (sink as LengthList)?.Reserve(sizes.ItemCount);
            if (sizes.Format == SizeFormat.Bpp)
                ReadBpp(sizes, sink);
            else
                sink.AddLengths(sizes.Sizes);
        }
        catch (SizeFormatException bad) when (bad.Line > 0)
        {
            throw new RowException($"line {bad.Line}", bad.Reason, bad);
        }
    }

    /// <summary>
    /// A list that begins with its own length less two looks like n, a capacity and n sizes; but lengths of documents come without a
    /// capacity.
    /// </summary>
    private static void ReadBpp(SizeList sizes, IDocumentSink sink)
    {
        for (var item = 0; item < sizes.ItemCount; item++)
            if (sizes.LineOf(item) < 3 || (item > 0 && sizes.LineOf(item) == sizes.LineOf(item - 1)))
                throw new SizeFormatException(sizes.LineOf(item), "There are two numbers on a line; wanted is the length of one document.");
        sink.AddLength(sizes.ItemCount);
        sink.AddLength(sizes.Capacity!.Value);
        sink.AddLengths(sizes.Sizes);
    }
}
