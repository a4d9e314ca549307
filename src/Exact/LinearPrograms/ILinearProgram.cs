namespace PackingKit;

/// <summary>
/// A linear program for any solver: minimise the cost of columns x >= 0 so that every row reaches its demand. It grows by columns and is
/// solved again from the last basis.
/// </summary>
/// <remarks>
/// Answers are floats and may be wrong; callers may use them as advice only. <see cref="DualPrices"/> says how a bound is made from them.
/// </remarks>
internal interface ILinearProgram : IDisposable
{
    /// <summary>Adds a column without an upper limit.</summary>
    void AddColumn(double cost, ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients);

    /// <summary>Sets what each row must reach.</summary>
    void SetDemands(ReadOnlySpan<double> demands);

    /// <summary>Switches columns off (0) or on (infinity).</summary>
    void SetUpperLimits(ReadOnlySpan<double> limits);

    /// <summary>Solves from the last basis.</summary>
    /// <param name="stop">Asked a few times a second.</param>
    /// <returns>Whether the solver says that it reached an optimum.</returns>
    bool Solve(Func<bool> stop);

    /// <summary>
    /// Copies the values of a point from within the set of best solutions, by an interior-point method without crossover;
    /// <see cref="Solve"/> answers with a corner of that set. Afterwards the program must be solved again before anything else is asked.
    /// </summary>
    /// <returns>Whether the solver has such a method and came to its end.</returns>
    bool TryGetCenter(Span<double> values, Func<bool> stop);

    /// <summary>The value of the last solution.</summary>
    double Objective { get; }

    /// <summary>Copies the prices of the rows in the last solution.</summary>
    void GetDuals(Span<double> duals);

    /// <summary>Copies the values of the columns in the last solution.</summary>
    void GetValues(Span<double> values);
}
