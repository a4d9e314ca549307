namespace PackingKit;

internal static class ResidualIndexExtensions
{
    /// <summary>Adds the runs that come of a fitting and are still open to the smallest size that is to come.</summary>
    public static void Keep<TIndex>(ref this TIndex open, in Fitting fitting, long smallest)
        where TIndex : struct, IResidualIndex
    {
        if (fitting.Filled.IsOpenTo(smallest))
            open.Add(fitting.Filled);
        if (fitting.Partial.IsOpenTo(smallest))
            open.Add(fitting.Partial);
        if (fitting.Untouched.IsOpenTo(smallest))
            open.Add(fitting.Untouched);
    }
}
