namespace PackingKit;

/// <summary>
/// Open runs by residual capacity: what best-fit and worst-fit ask for. Of equal residuals the lowest bin index comes first.
/// </summary>
internal interface IResidualIndex : IDisposable
{
    void Add(in Run run);

    /// <summary>Takes out the run with the smallest residual capacity that is at least a size.</summary>
    bool TryTakeMin(long size, out Run run);

    /// <summary>The largest residual capacity of a run, or -1 where there is none.</summary>
    long MaxResidual();

    /// <summary>Takes out the run with the largest residual capacity, if that is at least a size.</summary>
    bool TryTakeMax(long size, out Run run);
}
