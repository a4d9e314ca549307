using Microsoft.Extensions.AI;
using PackingKit.Testing;
using TorchSharp;
using Xunit;

namespace PackingKit.Attention.Tests;

/// <summary>The code of README.md and docs/ that needs PackingKit.Attention: each region is there as it is here.</summary>
public class Snippets
{
    [Fact]
    public void Prompts_into_rows()
    {
        using var Console = new StringWriter { NewLine = "\n" };

        #region README: ten lines
        int[] lengths = [812, 37, 455, 120, 988, 64, 301, 512, 230, 77]; // tokens of each prompt

        var result = new BestFitDecreasing().Pack(PackingProblem.Create(lengths, 1024));
        Console.WriteLine($"{result.BinCount} rows; no packing has fewer than {result.Bound.Bins}: {result.Status}");

        var layout = PackedLayout.FromPacking(result);
        Console.WriteLine($"{layout.SlotCount} slots instead of {lengths.Length * lengths.Max()}");
        Console.WriteLine(string.Join(' ', layout.CuSeqLens.ToArray()));         // where each prompt begins
        Console.WriteLine(string.Join(' ', layout.LastTokenIndices.ToArray())); // where its next-token logits are
        #endregion
        Assert.Equal((4, 4L, PackingStatus.Optimal), (result.BinCount, result.Bound.Bins, result.Status));
        Assert.Equal(lengths.Sum(), layout.CuSeqLens[^1]);
        Assert.Equal(lengths.Length, layout.LastTokenIndices.Length);
        Assert.InRange(layout.SlotCount, lengths.Sum(), 4 * 1024);
        Assert.Equal([Console.ToString().TrimEnd()], new QuotedPage("README.md").Blocks("text"));
    }
}
