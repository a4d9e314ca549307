namespace PackingKit.Kernels;

/// <summary>Batches so small that their working state lives on the stack and a scan of all bins beats every index.</summary>
internal static class SmallBatch
{
    public const int MostItems = 1024;
}
