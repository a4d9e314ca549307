namespace PackingKit;

/// <summary>HiGHS through its C interface: the solver where CLP is not carried (Windows).</summary>
internal sealed unsafe class HighsProgram : ILinearProgram
{
    private const int Optimal = 7, IterationLimit = 14;
    private static readonly Api? Native =
        LinearPrograms.TryLoad(out var library, "libhighs.so.1", "libhighs.1.dylib", "highs.dll") ? new Api(library) : null;

    private readonly Api _api = Native ?? throw new DllNotFoundException("HiGHS is not here.");
    private readonly int _rows;
    private nint _model;
    private int _columns;
    private double[] _values = [], _duals = [];

    public HighsProgram(int rows)
    {
        (_rows, _model) = (rows, _api.Create());
        SetOption("output_flag", "off");
        for (var row = 0; row < rows; row++)
            _api.AddRow(_model, 0, double.PositiveInfinity, 0, null, null);
    }

    public static bool IsAvailable => Native is not null;

    public double Objective => _api.ObjectiveValue(_model);

    public void AddColumn(double cost, ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients)
    {
        fixed (int* index = rows)
        fixed (double* value = coefficients)
            _api.AddColumn(_model, cost, 0, double.PositiveInfinity, rows.Length, index, value);
        _columns++;
    }

    public void SetDemands(ReadOnlySpan<double> demands)
    {
        for (var row = 0; row < _rows; row++)
            _api.ChangeRow(_model, row, demands[row], double.PositiveInfinity);
    }

    public void SetUpperLimits(ReadOnlySpan<double> limits)
    {
        for (var column = 0; column < limits.Length; column++)
            _api.ChangeColumn(_model, column, 0, limits[column]);
    }

    public bool TryGetCenter(Span<double> values, Func<bool> stop)
    {
        SetOption("solver", "ipm");
        SetOption("run_crossover", "off");
        SetOption("presolve", "off"); // it would lead back to a corner
        var limit = LinearPrograms.InteriorIterations;
        do
        {
            SetOption("ipm_iteration_limit", limit);
            Run();
            limit *= 4;
        }
        while (_api.Status(_model) == IterationLimit && limit <= LinearPrograms.MaxInteriorIterations && !stop());
        var solved = Read();
        GetValues(values);
        SetOption("solver", "choose");
        SetOption("run_crossover", "on");
        SetOption("presolve", "choose");
        return solved;
    }

    public bool Solve(Func<bool> stop)
    {
        var slices = LinearPrograms.MaxSlices(_rows);
        do
        {
            // Steps count on from run to run where the solver keeps its basis.
            int steps;
            fixed (byte* name = "simplex_iteration_count\0"u8)
                _ = _api.GetInfo(_model, name, &steps);
            SetOption("simplex_iteration_limit", Math.Max(0, steps) + LinearPrograms.IterationsPerSlice);
            Run();
        }
        while (_api.Status(_model) == IterationLimit && --slices > 0 && !stop());
        return Read();
    }

    public void GetDuals(Span<double> duals) => _duals.CopyTo(duals);

    public void GetValues(Span<double> values) => _values.CopyTo(values);

    public void Dispose()
    {
        if (_model != 0)
            _api.Destroy(_model);
        _model = 0;
    }

    private void Run() => _ = _api.Run(_model);

    private bool Read()
    {
        (_values, _duals) = (new double[_columns], new double[_rows]);
        fixed (double* value = _values, dual = _duals)
            _api.Solution(_model, value, null, null, dual);
        return _api.Status(_model) == Optimal;
    }

    private void SetOption(string name, int value)
    {
        fixed (byte* pointer = System.Text.Encoding.ASCII.GetBytes(name + '\0'))
            _api.SetInt(_model, pointer, value);
    }

    private void SetOption(string name, string value)
    {
        fixed (byte* pointer = System.Text.Encoding.ASCII.GetBytes(name + '\0'), text = System.Text.Encoding.ASCII.GetBytes(value + '\0'))
            _api.SetString(_model, pointer, text);
    }

    private sealed class Api(nint library)
    {
        public readonly delegate* unmanaged<nint> Create = (delegate* unmanaged<nint>)Find(library, "create");
        public readonly delegate* unmanaged<nint, void> Destroy = (delegate* unmanaged<nint, void>)Find(library, "destroy");
        public readonly delegate* unmanaged<nint, byte*, byte*, int> SetString =
            (delegate* unmanaged<nint, byte*, byte*, int>)Find(library, "setStringOptionValue");
        public readonly delegate* unmanaged<nint, byte*, int, int> SetInt =
            (delegate* unmanaged<nint, byte*, int, int>)Find(library, "setIntOptionValue");
        public readonly delegate* unmanaged<nint, byte*, int*, int> GetInfo =
            (delegate* unmanaged<nint, byte*, int*, int>)Find(library, "getIntInfoValue");
        public readonly delegate* unmanaged<nint, double, double, int, int*, double*, int> AddRow =
            (delegate* unmanaged<nint, double, double, int, int*, double*, int>)Find(library, "addRow");
        public readonly delegate* unmanaged<nint, double, double, double, int, int*, double*, int> AddColumn =
            (delegate* unmanaged<nint, double, double, double, int, int*, double*, int>)Find(library, "addCol");
        public readonly delegate* unmanaged<nint, int, double, double, int> ChangeRow =
            (delegate* unmanaged<nint, int, double, double, int>)Find(library, "changeRowBounds");
        public readonly delegate* unmanaged<nint, int, double, double, int> ChangeColumn =
            (delegate* unmanaged<nint, int, double, double, int>)Find(library, "changeColBounds");
        public readonly delegate* unmanaged<nint, int> Run = (delegate* unmanaged<nint, int>)Find(library, "run");
        public readonly delegate* unmanaged<nint, int> Status = (delegate* unmanaged<nint, int>)Find(library, "getModelStatus");
        public readonly delegate* unmanaged<nint, double> ObjectiveValue =
            (delegate* unmanaged<nint, double>)Find(library, "getObjectiveValue");
        public readonly delegate* unmanaged<nint, double*, double*, double*, double*, int> Solution =
            (delegate* unmanaged<nint, double*, double*, double*, double*, int>)Find(library, "getSolution");

        private static nint Find(nint library, string name) => NativeLibrary.GetExport(library, "Highs_" + name);
    }
}
