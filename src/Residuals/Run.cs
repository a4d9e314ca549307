namespace PackingKit;

/// <summary>Neighbouring bins with one history, hence with the same room and the same number of items.</summary>
internal readonly record struct Run(long FirstBin, long Bins, long Room, long Slots)
{
    /// <summary>How many items of a size one of the bins still takes.</summary>
    public long Takes(long size) => Room < size ? 0 : size == 0 ? Slots : Math.Min(Room - size < size ? 1 : Room / size, Slots);

    /// <summary>The bins of the run from one on, each with some copies of a size added.</summary>
    public Run Part(long skip, long bins, long size, long copies) => new(FirstBin + skip, bins, Room - (size * copies), Slots - copies);

    /// <summary>Whether items of a size, or smaller ones, will find room here.</summary>
    public bool IsOpenTo(long size) => Bins > 0 && Slots > 0 && Room >= size;

    /// <summary>Less room first, then bin order.</summary>
    public bool IsBefore(in Run other) => Room != other.Room ? Room < other.Room : FirstBin < other.FirstBin;
}
