namespace PackingKit;

/// <summary>The fastest linear solver that OR-Tools' native runtime carries here: CLP (Linux, macOS), else HiGHS, else GLOP.</summary>
internal static class LinearPrograms
{
    /// <summary>An empty program with so many rows.</summary>
    public static ILinearProgram Create(int rows) =>
        ClpProgram.IsAvailable ? new ClpProgram(rows) : HighsProgram.IsAvailable ? new HighsProgram(rows) : new GlopProgram(rows);
}
