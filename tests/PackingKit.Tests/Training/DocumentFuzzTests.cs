using System.Text;
using PackingKit.Samples.Training;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests.Training;

/// <summary>Whatever a file of the training sample holds, it is read or refused by the name of the file.</summary>
public sealed class DocumentFuzzTests : IDisposable
{
    /// <summary>A file is written and read for each input, by native code in part: one in so many of those that text gets.</summary>
    private const int Share = 20;

    /// <summary>
    /// Apache.Arrow takes, and leaves untouched, what the head of a message promises, up to 2 GB, before it finds the file too short; it
    /// does so for each of two readings and may try again.
    /// </summary>
    private const long ArrowMemory = 4L * int.MaxValue + Fuzzing.MemoryBeside;

    private readonly TrainingFolder _folder = new();

    public static TheoryData<string> Names()
    {
        using var folder = new TrainingFolder();
        return [.. DocumentFormats.All(folder).Select(format => format.Name)];
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Documents_of_every_format_are_read_or_refused(string name)
    {
        var (_, options, write) = DocumentFormats.All(_folder).Single(format => format.Name == name);
        write(_folder[name]);
        Run(name, File.ReadAllBytes(_folder[name]), path =>
        {
            DocumentReaders.Read(path, options, new LengthList());
            DocumentReaders.Read(path, options, new Collected());
        });
    }

    [Theory]
    [InlineData("ranges.csv", "start,end\n0,3\n3,3\n3,5\n")]
    [InlineData("ranges.npy", null)]
    public void Ranges_of_documents_are_read_or_refused(string name, string? text)
    {
        DocumentFormats.WriteShorts(_folder["raw.bin"]);
        using var array = new MemoryStream();
        Npy.Write<int>(array, [0, 3, 3, 3, 3, 5], 3, 2);
        Run(name, text is null ? array.ToArray() : Encoding.UTF8.GetBytes(text), path => DocumentReaders.Read(
            _folder["raw.bin"], new InputSettings { Ranges = path }, new Collected()));
    }

    [Theory]
    [InlineData("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n##o\nworld\n")]
    [InlineData("vocab.json", "{\"h\": 0, \"e\": 1, \"l\": 2, \"o\": 3, \"he\": 4, \"<|endoftext|>\": 5}")]
    [InlineData("merges.txt", "#version: 0.2\nh e\nl l\n")]
    public void Files_of_a_tokenizer_are_read_or_refused(string name, string text)
    {
        File.WriteAllText(_folder["vocab.json"], "{\"h\": 0, \"e\": 1, \"l\": 2, \"o\": 3, \"he\": 4, \"<|endoftext|>\": 5}");
        File.WriteAllText(_folder["merges.txt"], "#version: 0.2\nh e\nl l\n");
        File.WriteAllText(_folder["text.jsonl"], "{\"text\": \"hello world\"}\n");
        Run(name, Encoding.UTF8.GetBytes(text), path => DocumentReaders.Read(
            _folder["text.jsonl"],
            new InputSettings { TextField = "text", Tokenizer = name == "vocab.txt" ? path : Path.GetDirectoryName(path) },
            new Collected()));
    }

    [Fact]
    public void A_manifest_is_read_or_refused()
    {
        _folder.WriteLines("a.jsonl", [[1, 2, 3], [4]]);
        _folder.Pack("out", "@a.jsonl", "--to", "trl", "--capacity", "16");
        Run("out/manifest.json", File.ReadAllBytes(_folder["out/manifest.json"]), path =>
        {
            try
            {
                JobFolder.Finished(Path.GetDirectoryName(path)!);
            }
            catch (FormatException damaged)
            {
                throw new BadInputException(damaged.Message, damaged);
            }
        });
    }

    [Fact]
    public void Lengths_of_a_shard_are_read_or_refused()
    {
        using var array = new MemoryStream();
        Npy.Write<long>(array, [5, 3, 4]);
        Run("lengths.npy", array.ToArray(), path => ShardFiles.ReadLengths(path));
        Run("lengths.txt", "5\n3\n4\n"u8.ToArray(), path => ShardFiles.ReadLengths(path));
    }

    private void Run(string name, byte[] document, Action<string> read) => Fuzzing.Run(
        [document],
        bytes =>
        {
            File.WriteAllBytes(_folder[name], bytes);
            read(_folder[name]);
        },
        refusal => refusal is BadInputException,
        Share,
        name.EndsWith(".arrow", StringComparison.Ordinal) ? ArrowMemory : Fuzzing.MemoryBeside);
}
