using Google.OrTools.LinearSolver;

namespace PackingKit;

/// <summary>GLOP through OR-Tools' managed wrapper: slower, but it is always there.</summary>
internal sealed class GlopProgram : ILinearProgram
{
    private readonly Solver _solver = Solver.CreateSolver("GLOP");
    private readonly List<Variable> _columns = [];
    private readonly Constraint[] _rows;
    private readonly Objective _objective;

    public GlopProgram(int rows)
    {
        _solver.SuppressOutput();
        _objective = _solver.Objective();
        _objective.SetMinimization();
        _rows = [.. Enumerable.Range(0, rows).Select(_ => _solver.MakeConstraint(0, double.PositiveInfinity))];
    }

    public double Objective => _objective.Value();

    public void AddColumn(double cost, ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients)
    {
        var column = _solver.MakeNumVar(0, double.PositiveInfinity, "");
        _objective.SetCoefficient(column, cost);
        for (var i = 0; i < rows.Length; i++)
            _rows[rows[i]].SetCoefficient(column, coefficients[i]);
        _columns.Add(column);
    }

    public void SetDemands(ReadOnlySpan<double> demands)
    {
        for (var row = 0; row < _rows.Length; row++)
            _rows[row].SetLb(demands[row]);
    }

    public void SetUpperLimits(ReadOnlySpan<double> limits)
    {
        for (var column = 0; column < limits.Length; column++)
            _columns[column].SetUb(limits[column]);
    }

    public bool TryGetCenter(Span<double> values, Func<bool> stop) => false;

    public bool Solve(Func<bool> stop)
    {
        if (IsSolved())
            return true;
        _solver.Reset(); // ABNORMAL from a warm basis has been seen; from scratch it solves
        return !stop() && IsSolved();

        bool IsSolved() => StopRequests.Send(stop, () => _solver.InterruptSolve(), _solver.Solve) == Solver.ResultStatus.OPTIMAL;
    }

    public void GetDuals(Span<double> duals)
    {
        for (var row = 0; row < _rows.Length; row++)
            duals[row] = _rows[row].DualValue();
    }

    public void GetValues(Span<double> values)
    {
        for (var column = 0; column < _columns.Count; column++)
            values[column] = _columns[column].SolutionValue();
    }

    public void Dispose() => _solver.Dispose();
}
