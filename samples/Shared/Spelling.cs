namespace PackingKit.Samples;

/// <summary>Words that are not there, and what may have been meant.</summary>
internal static class Spelling
{
    /// <summary>The most letters by which a word is taken for a slip of another.</summary>
    private const int MaxDistance = 2;

    /// <summary>"; did you mean --capacity?" where a known word is near, else nothing.</summary>
    public static string DidYouMean(string word, IEnumerable<string> known) =>
        known.MinBy(each => (Distance(word, each), Math.Abs(word.Length - each.Length))) is { } near && Distance(word, near) <= Math.Min(MaxDistance, near.Length - 1)
            ? $"; did you mean {near}?" : "";

    /// <summary>Letters to insert, remove, replace, or swap with the next (Levenshtein, Damerau), whatever their case.</summary>
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var other = IsSame(from[i - 1], to[j - 1]) ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + other);
                if (i > 1 && j > 1 && IsSame(from[i - 1], to[j - 2]) && IsSame(from[i - 2], to[j - 1]))
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[from.Length, to.Length];
    }

    private static bool IsSame(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
