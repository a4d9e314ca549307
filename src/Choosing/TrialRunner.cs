using MathNet.Numerics;

namespace PackingKit;

/// <summary>Runs one strategy on one subject, several times, and keeps what it did.</summary>
internal sealed class TrialRunner(StrategyInfo info, StudySubject subject, StudyOptions options) : IProgress<PackingProgress>
{
    /// <summary>Time that a turn takes at least, by several runs: one of microseconds says nothing.</summary>
    private static readonly TimeSpan ShortestTurn = TimeSpan.FromMilliseconds(2);

    /// <summary>A run that takes longer is not repeated.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(1);

    private const int MostRunsOfATurn = 200;

    /// <summary>The first turn goes on for so long, or so many runs: until what is run is compiled for speed.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(20);

    private const int MostRunsToWarmUp = 30;

    /// <summary>Parts of the items, in eighths, whose time tells how it grows.</summary>
    private static readonly int[] Eighths = [1, 2, 4];

    private const int FewestItemsOfAPart = 100;

    private readonly IPackingStrategy _strategy = info.Create(options.Search);
    private readonly List<double> _milliseconds = [];
    private readonly List<PackingProgress> _progress = [];
    private Outcome? _outcome;
    private Distribution? _loads;
    private GrowthPoint[] _growth = [];
    private OrderDependence? _order;
    private TimeSpan _first;

    public bool HasRun => _outcome is not null;

    /// <summary>Whether another run tells more: not of a search, whose time is what it was given.</summary>
    public bool IsRepeated => !info.IsSearch && _first <= LongestRun;

    /// <summary>A search may report from several threads.</summary>
    public void Report(PackingProgress value)
    {
        lock (_progress)
            _progress.Add(value);
    }

    /// <summary>The first turn warms up; it counts only where there will be no other.</summary>
    public void Take(CancellationToken cancellationToken)
    {
        if (!HasRun)
        {
            var clock = Stopwatch.StartNew();
            var outcome = Run(subject, this, cancellationToken);
            _first = clock.Elapsed;
            _loads = outcome.Loads(subject);
            _outcome = outcome with { Packing = null };
            if (!IsRepeated)
                _milliseconds.Add(_first.TotalMilliseconds);
            for (var runs = 1; IsRepeated && runs < MostRunsToWarmUp && clock.Elapsed < WarmUp; runs++)
                Run(subject, progress: null, cancellationToken);
            return;
        }
        _milliseconds.Add(Turn(subject, cancellationToken));
    }

    /// <summary>Runs on parts of the items and on other orders of them.</summary>
    public void TakeMore(CancellationToken cancellationToken)
    {
        if (!IsRepeated)
            return;
        var items = subject.Histogram.ItemCount;
        _growth =
        [
            .. Eighths.Where(eighths => (Int128)items * eighths / 8 >= FewestItemsOfAPart)
                .Select(eighths => Measure(eighths, cancellationToken)),
            new GrowthPoint(items, ToTrial().Time.Median),
        ];
        if (subject.Problem is { } problem && info.IsOnline)
            _order = Orders(problem, cancellationToken);
    }

    public StrategyTrial ToTrial() => new()
    {
        Strategy = info,
        Bins = _outcome!.Bins,
        Bound = _outcome.Bound,
        StopReason = _outcome.StopReason,
        Loads = _loads!,
        Fill = subject.Fill(_outcome.Bins, subject.Limits),
        Time = TrialTime.Of(_milliseconds.Count > 0 ? _milliseconds : [_first.TotalMilliseconds]),
        Growth = [.. _growth],
        GrowthExponent = Exponent(_growth),
        Order = _order,
        Progress = info.IsSearch ? [.. _progress] : [],
        Plan = _outcome.Plan,
    };

    private Outcome Run(StudySubject part, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        if (part.Problem is { } problem)
        {
            var result = _strategy.Pack(problem, progress, cancellationToken);
            return new(result.BinCount, result.Bound, result.StopReason, result.Plan, result.Packing);
        }
        var planned = ((IPlanningStrategy)_strategy).Plan(part.Histogram, part.Limits, progress, cancellationToken);
        return new(planned.BinCount, planned.Bound, planned.StopReason, planned.Plan, Packing: null);
    }

    /// <summary>The mean time of as many runs as make up a turn.</summary>
    private double Turn(StudySubject part, CancellationToken cancellationToken)
    {
        var runs = 0;
        var clock = Stopwatch.StartNew();
        do
            Run(part, progress: null, cancellationToken);
        while (++runs < MostRunsOfATurn && clock.Elapsed < ShortestTurn);
        return clock.Elapsed.TotalMilliseconds / runs;
    }

    private GrowthPoint Measure(int eighths, CancellationToken cancellationToken)
    {
        var part = subject.Part(eighths, of: 8);
        Run(part, progress: null, cancellationToken); // counts, and touches its memory
        return new GrowthPoint(part.Histogram.ItemCount, Turn(part, cancellationToken));
    }

    private OrderDependence Orders(PackingProblem problem, CancellationToken cancellationToken)
    {
        var items = new long[problem.ItemCount];
        for (var i = 0; i < items.Length; i++)
            items[i] = problem[i];
        var random = new Random(options.Search.Seed);
        List<long> bins = [_outcome!.Bins];
        for (var order = 0; order < options.Orders; order++)
        {
            random.Shuffle(items);
            Try();
        }
        Array.Sort(items);
        Try();
        Array.Reverse(items);
        Try();
        return new OrderDependence(bins.Min(), bins.Max(), bins.Count);

        void Try() => bins.Add(_strategy.Pack(PackingProblem.Create(items, problem.Limits), progress: null, cancellationToken).BinCount);
    }

    /// <summary>The slope of the line through the logarithms.</summary>
    private static double? Exponent(GrowthPoint[] points)
    {
        var measured = points.Where(point => point.Milliseconds > 0).ToArray();
        return measured.Length < 3 ? null : Fit.Line(
            Array.ConvertAll(measured, point => Math.Log(point.Items)),
            Array.ConvertAll(measured, point => Math.Log(point.Milliseconds))).B;
    }

    /// <summary>What a run found. The packing of items is not kept: one of each strategy would be much.</summary>
    private sealed record Outcome(long Bins, LowerBound Bound, StopReason StopReason, PackingPlan? Plan, Packing? Packing)
    {
        public Distribution Loads(StudySubject subject) => Distribution.Of(Plan is not null
            ? SizeHistogram.FromCounts(Plan.Patterns.Select(pattern => new SizeCount(pattern.Load, pattern.Multiplicity)))
            : SizeHistogram.Of([.. Packing!.Bins.Select(bin => bin.Sum(item => subject.Problem![item]))]));
    }
}
