using Xunit;

namespace PackingKit.Tests;

/// <summary>The examples on the pages of the strategies beyond the classical eight.</summary>
public class FamilySnippets
{
    [Fact]
    public void ModifiedFirstFitDecreasing()
    {
        #region mffd
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new ModifiedFirstFitDecreasing().Pack(problem); // 4 bins
        #endregion
        Assert.Equal(4, result.BinCount);
    }

    [Fact]
    public void BestTwoFit()
    {
        #region b2f
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new BestTwoFit().Pack(problem); // 4 bins
        #endregion
        Assert.Equal(4, result.BinCount);
    }

    [Fact]
    public void FillTwo()
    {
        #region fill2
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new FillTwo().Pack(problem); // 4 bins
        #endregion
        Assert.Equal(4, result.BinCount);
    }

    [Fact]
    public void MinimumBinSlack()
    {
        #region mbs
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new MinimumBinSlack().Pack(problem); // 4 bins
        #endregion
        Assert.Equal(4, result.BinCount);
    }

    [Fact]
    public void MinimumBinSlackPrime()
    {
        #region mbs-prime
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new MinimumBinSlackPrime().Pack(problem); // 4 bins
        #endregion
        Assert.Equal(4, result.BinCount);
    }

    [Fact]
    public void Automatic()
    {
        #region auto
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new Automatic().Pack(problem); // 4 bins
        #endregion
        Assert.Equal(4, result.BinCount);
    }

    [Fact]
    public void Harmonic()
    {
        #region harmonic
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new Harmonic().Pack(problem); // 7 bins
        #endregion
        Assert.Equal(7, result.BinCount);
    }

    [Fact]
    public void Sum_of_squares()
    {
        #region ss
        var problem = PackingProblem.Create([2, 4, 7, 5, 6, 8, 4, 1], 10);
        var result = new SumOfSquares().Pack(problem); // 5 bins
        #endregion
        Assert.Equal(5, result.BinCount);
    }
}
