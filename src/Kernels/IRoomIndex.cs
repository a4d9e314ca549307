namespace PackingKit.Kernels;

/// <summary>Open runs by room: what best-fit and worst-fit ask. Equal rooms are told apart by bin index, the lowest first.</summary>
internal interface IRoomIndex : IDisposable
{
    void Add(in Run run);

    /// <summary>Takes out the run with the least room of at least a size.</summary>
    bool TryTakeLeast(long size, out Run run);

    /// <summary>Takes out the run with the most room, if that is at least a size.</summary>
    bool TryTakeMost(long size, out Run run);
}
