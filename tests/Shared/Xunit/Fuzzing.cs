using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace PackingKit.Testing;

/// <summary>
/// Gives a parser mutated documents. It may read them, or refuse them by a documented exception with a short message; and it may take no
/// more memory than 16 times the input and 16 MB. <c>tests/fuzz.sh</c> runs it for longer.
/// </summary>
public static class Fuzzing
{
    /// <summary>Bytes that any parser may take, whatever the input.</summary>
    public const long MemoryBeside = 16_000_000;

    private const long MemoryPerByte = 16;
    private const int LongestMessage = 700;
    private const int Seed = 18;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Inputs for each parser.</summary>
    private static int Inputs => int.TryParse(
        Environment.GetEnvironmentVariable("PACKINGKIT_FUZZ"), CultureInfo.InvariantCulture, out var given) ? given : 10_000;

    /// <param name="documents">Whole ones, to start from.</param>
    /// <param name="parse">Reads a document on this thread, and may check what it got.</param>
    /// <param name="isDocumented">Whether the parser may refuse by this.</param>
    /// <param name="share">For what is dear on each input: one in so many are tried.</param>
    /// <param name="memory">Bytes that may be taken beside those for the input.</param>
    public static void Run(
        byte[][] documents, Action<byte[]> parse, Func<Exception, bool> isDocumented, int share = 1, long memory = MemoryBeside)
    {
        var inputs = Inputs / share;
        foreach (var document in documents)
            parse(document);
        var mutator = new Mutator(Seed);
        var refused = 0;
        for (var count = 0; count < inputs; count++)
        {
            var input = mutator.Next(documents);
            var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
            try
            {
                parse(input);
            }
            catch (Exception refusal) when (isDocumented(refusal))
            {
                refused++;
                Assert.True(
                    refusal.Message.Length <= LongestMessage, $"{Shown(count, input)}: a message of {refusal.Message.Length} characters");
            }
            catch (Exception other)
            {
                Assert.Fail($"{Shown(count, input)}: {other}");
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= MemoryPerByte * input.Length + memory, $"{Shown(count, input)}: {allocated} bytes");
            Assert.True(clock.Elapsed < Patience, $"{Shown(count, input)}: {clock.Elapsed}");
        }
        Assert.InRange(refused, inputs / 20, inputs); // the mutations do break something
    }

    private static string Shown(int number, byte[] input) => input.Length <= 2000
        ? $"Input {number}, '{Encoding.Latin1.GetString(input)}' ({Convert.ToBase64String(input)})"
        : $"Input {number} of {input.Length} bytes";
}
