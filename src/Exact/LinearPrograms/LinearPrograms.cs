using Google.OrTools.LinearSolver;

namespace PackingKit;

/// <summary>The fastest linear solver that OR-Tools' native runtime carries here: CLP (Linux, macOS), else HiGHS, else GLOP.</summary>
internal static class LinearPrograms
{
    /// <summary>Steps of the simplex method between two looks at the stop signal: by the clock, no run would repeat another.</summary>
    public const int IterationsPerSlice = 500;

    /// <summary>
    /// Steps of the interior-point method before the first look at the stop signal; few programs need more. The method cannot go on from
    /// where it was stopped: it begins anew, for four times as many.
    /// </summary>
    public const int InteriorIterations = 50;

    /// <summary>Steps of the interior-point method after which it is given up.</summary>
    public const int MaxInteriorIterations = 1000;

    public static ILinearProgram Create(int rows) =>
        ClpProgram.IsAvailable ? new ClpProgram(rows) : HighsProgram.IsAvailable ? new HighsProgram(rows) : new GlopProgram(rows);

    /// <summary>
    /// Slices after which a solver stalls, as it may where many bases are the same corner: a program of this kind takes a few steps a row.
    /// </summary>
    public static int MaxSlices(int rows) => 200 + (rows / 5);

    /// <summary>Loads the first of some libraries that lies beside OR-Tools' own native library.</summary>
    public static bool TryLoad(out nint library, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, typeof(Solver).Assembly, DllImportSearchPath.AssemblyDirectory, out library))
                return true;
        library = 0;
        return false;
    }
}
