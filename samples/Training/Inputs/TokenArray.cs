namespace PackingKit.Samples.Training;

/// <summary>Cuts a flat array of tokens into documents: after each end-of-document token, or at given places.</summary>
internal static class TokenArray
{
    /// <param name="stream">At the first token.</param>
    /// <param name="type">Of the tokens.</param>
    /// <param name="count">Tokens of the array.</param>
    /// <param name="settings">Where documents end.</param>
    /// <param name="sink">Takes them.</param>
    public static void Read(Stream stream, WholeNumbers type, long count, InputSettings settings, IDocumentSink sink)
    {
        if (settings.Ranges is { } ranges)
            ReadRanges(stream, type, count, Pairs(ranges), sink);
        else if (settings.EndOfDocument is { } end)
            ReadToEnds(stream, type, count, end, sink);
        else
            throw new FormatException("Where documents end in an array of tokens must be said: by --eod TOKEN or --ranges FILE.");
    }

    /// <summary>Documents of given lengths, one after the other.</summary>
    public static void ReadLengths(Stream stream, WholeNumbers type, IEnumerable<long> lengths, IDocumentSink sink)
    {
        var document = 0;
        var buffer = new int[1024];
        foreach (var length in lengths)
        {
            if (length is < 0 or > LengthList.MaxLength)
                throw new RowException($"document {document}", $"It has {length} tokens, outside 0..{LengthList.MaxLength}.");
            if (length > (stream.Length - stream.Position) / type.Width) // before memory is taken for what is not there
                throw new FormatException("The file is cut short.");
            if (buffer.Length < length)
                Array.Resize(ref buffer, Array.MaxLength / 2 < length ? (int)length : (int)length * 2);
            var filled = 0;
            type.Read(stream, length, run => Convert(run, buffer.AsSpan(filled..(filled += run.Length)), document));
            sink.Add(buffer.AsSpan(0, (int)length), []);
            document++;
        }
    }

    private static void ReadToEnds(Stream stream, WholeNumbers type, long count, int end, IDocumentSink sink)
    {
        var document = new int[1024];
        int length = 0, number = 0;
        type.Read(stream, count, run =>
        {
            foreach (var token in run)
            {
                if (length == LengthList.MaxLength)
                    throw new RowException($"document {number}", $"{length} tokens without an end-of-document token {end}.");
                if (length == document.Length)
                    Array.Resize(ref document, 2 * length);
                document[length++] = Token(token, number);
                if (token != end)
                    continue;
                sink.Add(document.AsSpan(0, length), []);
                (length, number) = (0, number + 1);
            }
        });
        if (length > 0) // the last document of an array may lack its end
            sink.Add(document.AsSpan(0, length), []);
    }

    private static void ReadRanges(Stream stream, WholeNumbers type, long count, List<(long Start, long End)> ranges, IDocumentSink sink)
    {
        var first = stream.Position;
        for (var document = 0; document < ranges.Count; document++)
        {
            var (start, end) = ranges[document];
            if (start < 0 || end < start || end > count)
                throw new RowException($"document {document}", $"Its tokens are {start} to {end} of an array of {count}.");
            if (!sink.WantsTokens)
            {
                sink.AddLength(end - start);
                continue;
            }
            stream.Position = first + start * type.Width;
            ReadLengths(stream, type, [end - start], sink);
        }
    }

    private static List<(long Start, long End)> Pairs(string path)
    {
        List<(long, long)> pairs = [];
        using var stream = File.OpenRead(path);
        if (Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase))
        {
            var (values, shape) = Npy.Read(stream);
            if (shape is not [_, 2])
                throw new FormatException($"{path}: wanted are two columns, start and end.");
            for (var i = 0; i < values.Length; i += 2)
                pairs.Add((values[i], values[i + 1]));
            return pairs;
        }
        using var reader = new StreamReader(stream);
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            var fields = text.Split(',');
            if (fields.Length >= 2 && long.TryParse(fields[0], out var start) && long.TryParse(fields[1], out var end))
                pairs.Add((start, end));
            else if (line > 1) // the first may be a header
                throw new FormatException($"{path}, line {line}: wanted are start and end, parted by a comma.");
        }
        return pairs;
    }

    private static void Convert(ReadOnlySpan<long> run, Span<int> tokens, int document)
    {
        for (var i = 0; i < run.Length; i++)
            tokens[i] = Token(run[i], document);
    }

    private static int Token(long token, int document) => token is >= 0 and <= int.MaxValue ? (int)token
        : throw new RowException($"document {document}", $"It has the token {token}, outside 0..{int.MaxValue}.");
}
