using Google.OrTools.LinearSolver;

namespace PackingKit;

/// <summary>The fastest linear solver that OR-Tools' native runtime carries here: CLP (Linux, macOS), else HiGHS, else GLOP.</summary>
internal static class LinearPrograms
{
    /// <summary>Seconds that a solver runs between two looks at the stop signal.</summary>
    public const double SecondsPerSlice = 0.1;

    /// <summary>Steps of the simplex method between two looks at the stop signal, where the solver counts them.</summary>
    public const int IterationsPerSlice = 500;

    public static ILinearProgram Create(int rows) =>
        ClpProgram.IsAvailable ? new ClpProgram(rows) : HighsProgram.IsAvailable ? new HighsProgram(rows) : new GlopProgram(rows);

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
