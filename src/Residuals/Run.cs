namespace PackingKit;

/// <summary>Neighbouring bins with one history, hence with the same residual capacity and the same number of items.</summary>
internal readonly record struct Run(long FirstBin, long Bins, long Residual, long ItemsLeft)
{
    /// <summary>How many items of a size one of the bins still takes.</summary>
    public long Takes(long size) =>
        Residual < size ? 0 : size == 0 ? ItemsLeft : Math.Min(Residual - size < size ? 1 : Residual / size, ItemsLeft);

    /// <summary>The bins of the run from one on, each with some copies of a size added.</summary>
    public Run Part(long skip, long bins, long size, long copies) =>
        new(FirstBin + skip, bins, Residual - (size * copies), ItemsLeft - copies);

    /// <summary>Whether items of a size, or smaller ones, fit here.</summary>
    public bool IsOpenTo(long size) => Bins > 0 && ItemsLeft > 0 && Residual >= size;

    /// <summary>Smaller residual capacity first, then bin order.</summary>
    public bool IsBefore(in Run other) => Residual != other.Residual ? Residual < other.Residual : FirstBin < other.FirstBin;
}
