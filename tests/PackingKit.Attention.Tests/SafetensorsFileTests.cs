using System.Text;
using PackingKit.Samples.Prefill;
using PackingKit.Samples.Prefill.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

public class SafetensorsFileTests
{
    private const string Vector = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Fact]
    public void A_tensor_comes_out_as_it_was_written()
    {
        using var scope = NewDisposeScope();
        using var file = Write(Vector, BitConverter.GetBytes(1.5f).Concat(BitConverter.GetBytes(-2f)).ToArray());
        using var tensors = new SafetensorsFile(file.Path);
        Assert.Equal([1.5f, -2f], tensors.Read("a").data<float>().ToArray());
        Assert.Contains("no tensor 'b'", Assert.Throws<BadInputException>(() => tensors.Read("b")).Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "takes 12 bytes, not 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}""", "of 8 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "lies at [8, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "starts at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "its tensors end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "starts at byte 0")]
    [InlineData("""{"a":{"dtype":"F7","shape":[2],"data_offsets":[0,8]}}""", "unknown type 'F7'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "has the shape [-2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,8]}}""", "entry of tensor 'a' is wrong")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "entry of tensor 'a' is wrong")]
    [InlineData("""{"a":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}""", "unknown type 'null'")]
    [InlineData("""{"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", "entry of tensor 'a' is wrong")]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[2],"data_offsets":[0,8]}}""", "entry of tensor 'a' is wrong")]
    [InlineData("""{"a":{"dtype":"F32","shape":null,"data_offsets":[0,8]}}""", "entry of tensor 'a' is wrong")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the name of a tensor in its header is no text")]
    [InlineData("""{"a":7}""", "entry of tensor 'a' is wrong")]
    [InlineData("""{"a":""", "its header is no JSON")]
    [InlineData("""[]""", "no JSON object")]
    public void A_header_that_does_not_hold_together_is_refused_with_the_reason(string header, string reason)
    {
        using var file = Write(header, new byte[8]);
        Assert.Contains(reason, Assert.Throws<BadInputException>(() => new SafetensorsFile(file.Path)).Message);
    }

    [Fact]
    public void A_name_that_is_not_utf8_is_refused_with_the_reason()
    {
        using var file = new TemporaryFile();
        var header = Encoding.Latin1.GetBytes("""{"é":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""");
        File.WriteAllBytes(file.Path, [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[8]]);
        Assert.Contains("not UTF-8", Assert.Throws<BadInputException>(() => new SafetensorsFile(file.Path)).Message);
    }

    /// <summary>Any byte of the header changed: it is read, or refused with a reason.</summary>
    [Fact]
    public void A_header_with_a_changed_byte_is_read_or_refused()
    {
        using var file = Write("""{"__metadata__":{"x":"y"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]);
        var bytes = File.ReadAllBytes(file.Path);
        var random = new Random(20);
        for (var i = 0; i < 2_000; i++)
        {
            byte[] changed = [.. bytes];
            for (var j = random.Next(3); j >= 0; j--)
                changed[random.Next(bytes.Length - 8)] = (byte)random.Next(256);
            File.WriteAllBytes(file.Path, changed);
            try
            {
                new SafetensorsFile(file.Path).Dispose();
            }
            catch (BadInputException)
            {
            }
        }
    }

    [Fact]
    public void A_file_that_is_cut_or_absent_is_refused_with_the_reason()
    {
        using var whole = Write(Vector, new byte[8]);
        var bytes = File.ReadAllBytes(whole.Path);
        foreach (var (length, reason) in ((int, string)[])[
            (0, "too short"), (7, "too short"), (20, "its header claims"), (bytes.Length - 1, "of 7 bytes of data")])
        {
            File.WriteAllBytes(whole.Path, bytes[..length]);
            Assert.Contains(reason, Assert.Throws<BadInputException>(() => new SafetensorsFile(whole.Path)).Message);
        }
        Assert.Throws<BadInputException>(() => new SafetensorsFile(whole.Path + ".absent"));
    }

    private static TemporaryFile Write(string header, byte[] data)
    {
        var file = new TemporaryFile();
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(file.Path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. data]);
        return file;
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
