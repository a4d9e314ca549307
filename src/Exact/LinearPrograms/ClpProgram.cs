namespace PackingKit;

/// <summary>CLP through its C interface, which OR-Tools' native runtime exports on Linux and macOS.</summary>
internal sealed unsafe class ClpProgram : ILinearProgram
{
    private const int Optimal = 0, Stopped = 3;
    private static readonly Api? Native =
        LinearPrograms.TryLoad(out var library, "libClp.so.1", "libClp.1.dylib") ? new Api(library) : null;

    private readonly Api _api = Native ?? throw new DllNotFoundException("CLP is not here.");
    private readonly List<double> _costs = [], _coefficients = [];
    private readonly List<int> _starts = [0], _indices = [];
    private readonly int _rows;
    private nint _model;
    private int _columns;

    public ClpProgram(int rows)
    {
        (_rows, _model) = (rows, _api.NewModel());
        _api.SetLogLevel(_model, 0);
        // Rows are without an upper limit where none is given, columns without one and from 0 on.
        fixed (double* lower = new double[rows])
        fixed (int* start = new int[rows + 1])
            _api.AddRows(_model, rows, lower, null, start, null, null);
    }

    public static bool IsAvailable => Native is not null;

    public double Objective => _api.ObjectiveValue(_model);

    public void AddColumn(double cost, ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients)
    {
        _costs.Add(cost);
        _indices.AddRange(rows);
        _coefficients.AddRange(coefficients);
        _starts.Add(_indices.Count);
    }

    public void SetDemands(ReadOnlySpan<double> demands)
    {
        fixed (double* lower = demands)
            _api.ChangeRowLower(_model, lower);
    }

    public void SetUpperLimits(ReadOnlySpan<double> limits)
    {
        Flush();
        fixed (double* upper = limits)
            _api.ChangeColumnUpper(_model, upper);
    }

    public bool Solve(Func<bool> stop)
    {
        Flush();
        _api.SetMaximumIterations(_model, LinearPrograms.IterationsPerSlice);
        var slices = LinearPrograms.MaxSlices(_rows);
        do
        {
            // The primal method throughout: the dual one is tens of times slower where columns are switched off.
            _api.Primal(_model, 0);
        }
        while (_api.Status(_model) == Stopped && --slices > 0 && !stop());
        return _api.Status(_model) == Optimal;
    }

    public bool TryGetCenter(Span<double> values, Func<bool> stop)
    {
        const int barrierWithoutCrossover = 4, presolveOff = 1; // presolve would lead back to a corner
        Flush();
        var how = _api.NewSolve();
        _api.SetSolveType(how, barrierWithoutCrossover, -1);
        _api.SetPresolveType(how, presolveOff, -1);
        var limit = LinearPrograms.InteriorIterations;
        do
        {
            _api.SetMaximumIterations(_model, limit);
            _api.InitialSolve(_model, how);
            limit *= 4;
        }
        while (_api.Status(_model) == Stopped && limit <= LinearPrograms.MaxInteriorIterations && !stop());
        _api.DeleteSolve(how);
        GetValues(values);
        return _api.Status(_model) == Optimal;
    }

    public void GetDuals(Span<double> duals) => new ReadOnlySpan<double>(_api.RowPrice(_model), _rows).CopyTo(duals);

    public void GetValues(Span<double> values) => new ReadOnlySpan<double>(_api.ColumnSolution(_model), _columns).CopyTo(values);

    public void Dispose()
    {
        if (_model != 0)
            _api.DeleteModel(_model);
        _model = 0;
    }

    /// <summary>Adds the columns collected so far to the model, all at once.</summary>
    private void Flush()
    {
        var count = _costs.Count;
        if (count == 0)
            return;
        fixed (double* cost = CollectionsMarshal.AsSpan(_costs), element = CollectionsMarshal.AsSpan(_coefficients))
        fixed (int* start = CollectionsMarshal.AsSpan(_starts), index = CollectionsMarshal.AsSpan(_indices))
            _api.AddColumns(_model, count, null, null, cost, start, index, element);
        _columns += count;
        _costs.Clear();
        _coefficients.Clear();
        _indices.Clear();
        _starts.Clear();
        _starts.Add(0);
    }

    private sealed class Api(nint library)
    {
        public readonly delegate* unmanaged<nint> NewModel = (delegate* unmanaged<nint>)Find(library, "newModel");
        public readonly delegate* unmanaged<nint, void> DeleteModel = (delegate* unmanaged<nint, void>)Find(library, "deleteModel");
        public readonly delegate* unmanaged<nint, int, void> SetLogLevel =
            (delegate* unmanaged<nint, int, void>)Find(library, "setLogLevel");
        public readonly delegate* unmanaged<nint, int, void> SetMaximumIterations =
            (delegate* unmanaged<nint, int, void>)Find(library, "setMaximumIterations");
        public readonly delegate* unmanaged<nint, int, double*, double*, int*, int*, double*, void> AddRows =
            (delegate* unmanaged<nint, int, double*, double*, int*, int*, double*, void>)Find(library, "addRows");
        public readonly delegate* unmanaged<nint, int, double*, double*, double*, int*, int*, double*, void> AddColumns =
            (delegate* unmanaged<nint, int, double*, double*, double*, int*, int*, double*, void>)Find(library, "addColumns");
        public readonly delegate* unmanaged<nint, double*, void> ChangeRowLower =
            (delegate* unmanaged<nint, double*, void>)Find(library, "chgRowLower");
        public readonly delegate* unmanaged<nint, double*, void> ChangeColumnUpper =
            (delegate* unmanaged<nint, double*, void>)Find(library, "chgColumnUpper");
        public readonly delegate* unmanaged<nint, int, int> Primal = (delegate* unmanaged<nint, int, int>)Find(library, "primal");
        public readonly delegate* unmanaged<nint, int> Status = (delegate* unmanaged<nint, int>)Find(library, "status");
        public readonly delegate* unmanaged<nint, double> ObjectiveValue =
            (delegate* unmanaged<nint, double>)Find(library, "objectiveValue");
        public readonly delegate* unmanaged<nint, double*> RowPrice = (delegate* unmanaged<nint, double*>)Find(library, "getRowPrice");
        public readonly delegate* unmanaged<nint, double*> ColumnSolution =
            (delegate* unmanaged<nint, double*>)Find(library, "getColSolution");

        public readonly delegate* unmanaged<nint, nint, int> InitialSolve =
            (delegate* unmanaged<nint, nint, int>)Find(library, "initialSolveWithOptions");
        public readonly delegate* unmanaged<nint> NewSolve = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ClpSolve_new");
        public readonly delegate* unmanaged<nint, void> DeleteSolve =
            (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "ClpSolve_delete");
        public readonly delegate* unmanaged<nint, int, int, void> SetSolveType =
            (delegate* unmanaged<nint, int, int, void>)NativeLibrary.GetExport(library, "ClpSolve_setSolveType");
        public readonly delegate* unmanaged<nint, int, int, void> SetPresolveType =
            (delegate* unmanaged<nint, int, int, void>)NativeLibrary.GetExport(library, "ClpSolve_setPresolveType");

        private static nint Find(nint library, string name) => NativeLibrary.GetExport(library, "Clp_" + name);
    }
}
