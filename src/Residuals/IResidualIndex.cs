namespace PackingKit;

/// <summary>Open runs by room: what best-fit and worst-fit ask. Equal rooms are told apart by bin index, the lowest first.</summary>
internal interface IResidualIndex : IDisposable
{
    void Add(in Run run);

    /// <summary>Takes out the run with the least room of at least a size.</summary>
    bool TryTakeMin(long size, out Run run);

    /// <summary>Takes out the run with the most room, if that is at least a size.</summary>
    bool TryTakeMax(long size, out Run run);
}
