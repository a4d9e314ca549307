namespace PackingKit;

/// <summary>How a file of sizes is laid out. In every layout of text blank lines and lines that begin with <c>#</c> are skipped.</summary>
public enum SizeFormat
{
    /// <summary>One integer per line.</summary>
    Sizes,

    /// <summary>
    /// Fields separated by commas, semicolons or tabs, one of which is the size; they may be in double quotes (RFC 4180).
    /// </summary>
    Csv,

    /// <summary>The BPP format of BPPLIB: the number of items n, the capacity, then n sizes, separated by any white space.</summary>
    Bpp,

    /// <summary>Two fields separated as in CSV, a size and how many items have it.</summary>
    Histogram,

    /// <summary>An array in NumPy's .npy format, every element a size; it is no text.</summary>
    Npy,
}
