using System.Text;

namespace PackingKit.Cli;

/// <summary>Keeps what is read through it, so that what is refused at its first characters is not kept whole.</summary>
internal sealed class KeepingReader(TextReader reader, StringBuilder kept) : TextReader
{
    public override int Read(char[] buffer, int index, int count)
    {
        var read = reader.Read(buffer, index, count);
        kept.Append(buffer, index, read);
        return read;
    }
}
