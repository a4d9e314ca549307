using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>Every block of attention.md and embedding.md is a whole program, which runs and says what it shall.</summary>
public class ProgramTests
{
    [Fact]
    public void Prefill_and_decoding()
    {
        var lines = Output(Prefill.Main);
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^next tokens \d+, \d+, \d+; Segment: ", line));
    }

    [Fact]
    public void Answers_go_on_from_a_shared_beginning()
    {
        var lines = Output(SharedBeginnings.Main);
        Assert.Equal(3, lines.Length);
        for (var i = 0; i < lines.Length; i++)
            Assert.Matches($@"^next tokens \d+, \d+; prompts: 5, layers: 1, slots: {7 + 2 * (i + 1)} of 13 in use$", lines[i]);
    }

    [Fact]
    public void Training_learns()
    {
        var lines = Output(Training.Main);
        Assert.Equal(2, lines.Length);
        var (first, last) = (Loss(lines[0]), Loss(lines[1]));
        Assert.True(last < first / 4, $"{first} to {last}");

        static double Loss(string line) => double.Parse(line["loss ".Length..], System.Globalization.CultureInfo.CurrentCulture);
    }

    [Fact]
    public void Passes_of_a_budget()
    {
        var lines = Output(Passes.Main);
        Assert.Contains("pass of 2048: 2048 tokens of prompt 1 from position 0", lines);
        Assert.Contains("pass of 2048: 700 tokens of prompt 0 from position 0", lines);
        Assert.Equal(3, PackedPasses.Fill([700, 3000, 120, 450, 90, 1300], 2048).Count);
    }

    [Fact]
    public void A_kernel_of_ones_own()
    {
        Cuda.Require();
        Assert.Equal(["500", "500"], Output(KernelOfOnesOwn.Main));
    }

    [Fact]
    public void Embeddings_of_texts() =>
        Assert.Equal(
            ["3 vectors of 32, 14 tokens", "a query of 8", "6 tokens of 32 dimensions; 'hot water' is one of 32"],
            Output(() => Embeddings.Main().GetAwaiter().GetResult()));

    private static string[] Output(Action program)
    {
        var (console, written) = (Console.Out, new StringWriter());
        Console.SetOut(written);
        try
        {
            using var scope = torch.NewDisposeScope();
            program();
        }
        finally
        {
            Console.SetOut(console);
        }
        return written.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
