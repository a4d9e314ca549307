namespace PackingKit.Attention;

/// <summary>The check that every accessor with an index of its own makes.</summary>
internal static class IndexChecks
{
    /// <summary>Refuses an index that is not from 0 to a count, exclusive.</summary>
    /// <param name="index">What was given.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="what">What is counted, in the singular.</param>
    public static void Require(int index, int count, string name, string what)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(name, index, $"There is no {what} {index}: there are {count}, from 0 on.");
    }
}
