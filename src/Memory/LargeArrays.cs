namespace PackingKit;

/// <summary>
/// Arrays that every item is written to, uninitialized. On Linux the large ones ask for huge pages: the system hands memory out page by
/// page at first touch, which for small pages takes longer than packing.
/// </summary>
internal static partial class LargeArrays
{
    /// <summary>Bytes from which the faults of small pages show: smaller arrays are mostly memory that was touched before.</summary>
    private const nint MinBytes = 8 * HugePage;

    private const nint HugePage = 2 << 20;

    /// <summary>MADV_HUGEPAGE of sys/mman.h.</summary>
    private const int Advice = 14;

    public static int[] Allocate(int length) => Advised(GC.AllocateUninitializedArray<int>(length));

    /// <summary>An array of the shared pool, at least so long; to be returned there.</summary>
    public static int[] Rent(int length) => Advised(ArrayPool<int>.Shared.Rent(length));

    private static unsafe int[] Advised(int[] array)
    {
        if (OperatingSystem.IsLinux() && sizeof(int) * (nint)array.Length >= MinBytes)
        {
            fixed (int* start = array)
            {
                var first = ((nint)start + HugePage - 1) & -HugePage;
                var end = (nint)(start + array.Length) & -HugePage;
                _ = Advise(first, (nuint)(end - first), Advice); // where it is refused, small pages serve as well
            }
        }
        return array;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
