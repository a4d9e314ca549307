namespace PackingKit;

/// <summary>The fastest linear solver that OR-Tools' native runtime carries here: CLP (Linux, macOS), else HiGHS, else GLOP.</summary>
internal static class LinearPrograms
{
    /// <summary>Seconds that a solver runs between two looks at the stop signal.</summary>
    public const double SecondsPerSlice = 0.1;

    /// <summary>An empty program.</summary>
    public static ILinearProgram Create(int rows)
    {
        if (ClpProgram.IsAvailable)
            return new ClpProgram(rows);
        return HighsProgram.IsAvailable ? new HighsProgram(rows) : new GlopProgram(rows);
    }
}
