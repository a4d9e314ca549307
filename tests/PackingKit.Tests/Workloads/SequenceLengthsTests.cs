using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Xunit;

namespace PackingKit.Tests;

public class SequenceLengthsTests
{
    /// <summary>
    /// First half of SHA-256 over little-endian 32-bit lengths, as computed by an independent implementation of the recipe in another
    /// language.
    /// </summary>
    public static readonly TheoryData<string, string, string> Recipes = new()
    {
        { "ln400_c2048", "10000", "6aaa343e7b7d5b7a" },
        { "ln400_c2048", "100000", "2a96c828dc9c3a00" },
        { "ln400_c2048", "1000000", "fa5f219f932992e9" },
        { "ln400_c8192", "10000", "9c5949fef88746f9" },
        { "ln400_c8192", "100000", "af4c07c81b42f9ec" },
        { "ln400_c8192", "1000000", "b8498871a568bfa7" },
        { "doc2000", "10000", "e41fb846572e028e" },
        { "doc2000", "100000", "ed750c8415f587b8" },
        { "doc2000", "1000000", "14a0e47f8c5a29cb" },
        { "uni_2048", "100000", "5d7fdb65fa666662" },
        { "half_c8192", "100000", "5b1d4ff1893e2930" },
    };

    [Theory, MemberData(nameof(Recipes))]
    public void The_recipes_give_the_same_bits_as_another_implementation(string set, string count, string hash)
    {
        var n = int.Parse(count, CultureInfo.InvariantCulture);
        var lengths = set switch
        {
            "ln400_c2048" => SequenceLengths.LogNormal(n, 42, 400, 1, 2048),
            "ln400_c8192" => SequenceLengths.LogNormal(n, 42, 400, 1, 8192),
            "doc2000" => SequenceLengths.LogNormal(n, 43, 2000, 1.5, 10_000_000),
            "uni_2048" => SequenceLengths.Uniform(n, 7, 2048),
            _ => SequenceLengths.Normal(n, 44, 4096, 512, 100, 8192),
        };
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(lengths)))[..16]);
    }

    [Fact]
    public void Documents_are_cut_into_full_pieces_and_a_rest()
    {
        Assert.Equal([4, 4, 1, 3, 4, 4], SequenceLengths.Cut([9, 3, 0, 8], 4));
        var documents = SequenceLengths.LogNormal(100_000, 43, 2000, 1.5, 10_000_000);
        Assert.Equal(167_027, SequenceLengths.Cut(documents, 2048).Length);
        Assert.Equal(108_966, SequenceLengths.Cut(documents, 8192).Length);
    }

    [Fact]
    public void A_shuffled_histogram_keeps_its_counts()
    {
        var histogram = SizeHistogram.Of([5, 5, 5, 3, 3, 1, 0]);
        var lengths = SequenceLengths.Shuffled(histogram, 1);
        Assert.Equal(histogram.Pairs(), SizeHistogram.Of(lengths).Pairs());
        Assert.NotEqual([5, 5, 5, 3, 3, 1, 0], lengths);
    }

    [Fact]
    public void Arguments_out_of_range_are_named()
    {
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => SequenceLengths.Uniform(-1, 1, 5)).ParamName);
        Assert.Equal("maxLength", Assert.Throws<ArgumentOutOfRangeException>(() => SequenceLengths.LogNormal(1, 1, 5, 1, 0)).ParamName);
        Assert.Contains(
            "Document 1 has length -2", Assert.Throws<ArgumentOutOfRangeException>(
                () => SequenceLengths.Cut([1, -2], 5)).Message, StringComparison.Ordinal);
    }
}
