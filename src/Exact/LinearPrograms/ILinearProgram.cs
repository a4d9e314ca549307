namespace PackingKit;

/// <summary>
/// The seam to a linear solver: minimise the cost of columns x >= 0 so that every row reaches its demand. Grows by columns and is solved
/// again from the last basis.
/// </summary>
/// <remarks>
/// Answers are floats and may be wrong: whoever asks must treat them as advice. See <see cref="DualPrices"/> for how a bound is made from
/// them.
/// </remarks>
internal interface ILinearProgram : IDisposable
{
    /// <summary>Number of columns so far.</summary>
    int ColumnCount { get; }

    /// <summary>Adds a column without an upper limit.</summary>
    void AddColumn(double cost, ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients);

    /// <summary>What the rows must reach.</summary>
    void SetDemands(ReadOnlySpan<double> demands);

    /// <summary>Switches columns off (0) or on (infinity).</summary>
    void SetUpperLimits(ReadOnlySpan<double> limits);

    /// <summary>Solves from the last basis.</summary>
    /// <param name="stop">Asked a few times a second.</param>
    /// <returns>Whether the solver says that it reached an optimum.</returns>
    bool Solve(Func<bool> stop);

    /// <summary>
    /// Copies values of the columns from within the set of best solutions, where <see cref="Solve"/> answers with one of its corners: by an
    /// interior-point method that stops there.
    /// </summary>
    /// <returns>Whether the solver has such a method and came to its end. Afterwards it must be solved again before anything else is asked.</returns>
    bool TryGetCenter(Span<double> values, Func<bool> stop);

    /// <summary>The value of the last solution.</summary>
    double Objective { get; }

    /// <summary>Copies the prices of the rows in the last solution.</summary>
    void GetDuals(Span<double> duals);

    /// <summary>Copies the values of the columns in the last solution.</summary>
    void GetValues(Span<double> values);
}
