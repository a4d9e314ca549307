namespace PackingKit.Samples.Training;

/// <summary>
/// datatrove's tokenized files: X.ds.index has the end of each document as uint64, X.ds the tokens, which are opened only where they are
/// wanted.
/// </summary>
internal sealed class DatatroveReader : IDocumentReader
{
    public bool Reads(string path, InputSettings settings) => path.EndsWith(".index", StringComparison.OrdinalIgnoreCase);

    public string TokensOf(string path) => path[..^".index".Length];

    public void Read(string path, InputSettings settings, IDocumentSink sink)
    {
        using var index = File.OpenRead(path);
        if (index.Length % 8 != 0)
            throw new FormatException($"The index has {index.Length} bytes, no whole number of uint64.");
        var count = index.Length / 8;
        List<long> lengths = [];
        (sink as LengthList)?.Reserve((int)Math.Min(count, int.MaxValue));
        long last = 0;
        var number = 0;
        new WholeNumbers(8, false).Read(index, count, run =>
        {
            foreach (var end in run)
            {
                if (end < last)
                    throw new RowException($"document {number}", $"It ends at token {end}, before {last}, where it starts.");
                if (sink.WantsTokens)
                    lengths.Add(end - last);
                else
                    sink.AddLength(end - last);
                (last, number) = (end, number + 1);
            }
        });
        if (!sink.WantsTokens || last == 0)
            return;
        using var tokens = File.OpenRead(TokensOf(path));
        var width = tokens.Length / last;
        if (width is not (2 or 4) || width * last != tokens.Length)
            throw new FormatException($"The tokens have {tokens.Length} bytes; {last} of 2 or 4 bytes were due.");
        TokenArray.ReadLengths(tokens, new WholeNumbers((int)width, false), lengths, sink);
    }
}
