using System.Diagnostics.Metrics;

namespace PackingKit;

/// <summary>
/// Tells whoever listens how a strategy packs: an activity for each call and metrics over all of them, under the name
/// <see cref="SourceName"/>. Collected with <c>AddSource(Observed.SourceName)</c> and <c>AddMeter(Observed.SourceName)</c> of
/// OpenTelemetry, or watched with <c>dotnet-counters monitor --counters PackingKit -n NAME</c>.
/// </summary>
/// <remarks>
/// <para>The activity <c>packingkit.pack</c> has from its start the tags <c>packingkit.strategy</c>, <c>packingkit.items</c> and
/// <c>packingkit.capacity</c>; then <c>packingkit.bins</c>, <c>packingkit.bound</c>, <c>packingkit.bound.rule</c>, <c>packingkit.fill</c>
/// (0 to 1), <c>packingkit.status</c>, <c>packingkit.stop_reason</c> and <c>packingkit.padding.avoided</c>; where the strategy throws, a
/// cancellation included, the status is an error with <c>error.type</c>.</para>
/// <para>The instruments have the tag <c>packingkit.strategy</c>: <c>packingkit.pack.duration</c> (seconds; also with <c>error.type</c> for
/// calls that threw), <c>packingkit.items</c>, <c>packingkit.bins</c>, <c>packingkit.bound</c> (bins that no packing can do without),
/// <c>packingkit.fill</c> (a histogram, 0 to 1) and <c>packingkit.padding.avoided</c> (units of size: what a batch padded to its largest
/// item would take, less what these bins take as rows padded to the fullest; below zero where rows take more).</para>
/// <para>Cost: none where nobody listens, not an allocation; else O(1), or O(n + bins) where padding is asked for. The result is that of
/// the strategy; what a listener throws is passed on. Thread-safe where the strategy is.</para>
/// <para>Reference: the semantic conventions of OpenTelemetry for units and for <c>error.type</c>.</para>
/// </remarks>
/// <example><code>var result = new Observed(new BestFitDecreasing()).Pack(problem);</code></example>
/// <param name="strategy">The strategy that is observed.</param>
public sealed class Observed(IPackingStrategy strategy) : IPackingStrategy
{
    /// <summary>"PackingKit": the name of the source of activities and of the meter.</summary>
    public const string SourceName = "PackingKit";

    private const string StrategyTag = "packingkit.strategy", ErrorTag = "error.type";

    private static readonly ActivitySource Activities = new(SourceName);
    private static readonly Meter Meter = new(SourceName);

    // Packing takes from a microsecond to minutes, and most of what tells fills apart happens above 0.9: the default buckets show neither.
    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "packingkit.pack.duration", "s", "Time of a call.", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.00001, 0.0001, 0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300],
        });

    private static readonly Histogram<double> Fill = Meter.CreateHistogram(
        "packingkit.fill", "1", "Share of the capacity of all bins that items fill.", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999],
        });

    private static readonly Counter<long> Items = Meter.CreateCounter<long>("packingkit.items", "{item}", "Items packed.");
    private static readonly Counter<long> Bins = Meter.CreateCounter<long>("packingkit.bins", "{bin}", "Bins used.");

    private static readonly Counter<long> Bound =
        Meter.CreateCounter<long>("packingkit.bound", "{bin}", "Bins that no packing can do without.");

    private static readonly UpDownCounter<long> PaddingAvoided = Meter.CreateUpDownCounter<long>(
        "packingkit.padding.avoided", "{unit}", "What padding to the largest item would take, less what the bins take.");

    private readonly IPackingStrategy _strategy = strategy ?? throw new ArgumentNullException(nameof(strategy));

    /// <summary>The id of the strategy that is observed: the result is the same.</summary>
    public string Id => _strategy.Id;

    private static bool IsHeard =>
        Activities.HasListeners() || Duration.Enabled || Fill.Enabled || Items.Enabled || Bins.Enabled || Bound.Enabled
        || PaddingAvoided.Enabled;

    /// <inheritdoc/>
    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        IsHeard ? Watch(problem, progress, cancellationToken) : _strategy.Pack(problem, progress, cancellationToken);

    private PackingResult Watch(PackingProblem problem, IProgress<PackingProgress>? progress, CancellationToken cancellationToken)
    {
        using var activity = Activities.StartActivity(
            "packingkit.pack", ActivityKind.Internal, parentContext: default, Known(problem)); // what a sampler may decide by
        var start = Stopwatch.GetTimestamp();
        PackingResult result;
        try
        {
            result = _strategy.Pack(problem, progress, cancellationToken);
        }
        catch (Exception exception)
        {
            var error = exception.GetType().FullName;
            Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new(StrategyTag, Id), new(ErrorTag, error));
            activity?.SetTag(ErrorTag, error).SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        if (result?.Packing is not null) // a strategy of the caller's own may break its promise: what it returns is returned
            Record(result, Stopwatch.GetElapsedTime(start).TotalSeconds, activity);
        return result!;
    }

    private IEnumerable<KeyValuePair<string, object?>> Known(PackingProblem? problem) => problem is null ? [new(StrategyTag, Id)] :
    [
        new(StrategyTag, Id), new("packingkit.items", problem.ItemCount), new("packingkit.capacity", problem.Capacity),
    ];

    private static void Record(PackingResult result, double seconds, Activity? activity)
    {
        // A fallback and a portfolio say who packed.
        var strategy = new KeyValuePair<string, object?>(StrategyTag, result.Strategy);
        Duration.Record(seconds, strategy);
        Fill.Record(result.Fill, strategy);
        Items.Add(result.Problem.ItemCount, strategy);
        Bins.Add(result.BinCount, strategy);
        Bound.Add(result.Bound.Bins, strategy);
        var isSampled = activity is { IsAllDataRequested: true };
        if (!isSampled && !PaddingAvoided.Enabled)
            return;
        var avoided = AvoidedPadding(result);
        PaddingAvoided.Add(avoided, strategy);
        if (isSampled)
            activity!
                .SetTag(StrategyTag, result.Strategy)
                .SetTag("packingkit.bins", result.BinCount)
                .SetTag("packingkit.bound", result.Bound.Bins)
                .SetTag("packingkit.bound.rule", result.Bound.Rule)
                .SetTag("packingkit.fill", result.Fill)
                .SetTag("packingkit.status", result.Status.ToString())
                .SetTag("packingkit.stop_reason", result.StopReason.ToString())
                .SetTag("packingkit.padding.avoided", avoided);
    }

    /// <summary>Saturates at the ends of 64 bits.</summary>
    private static long AvoidedPadding(PackingResult result)
    {
        long largest = 0, fullest = 0;
        for (var item = 0; item < result.Problem.ItemCount; item++)
            largest = Math.Max(largest, result.Problem[item]);
        for (var bin = 0; bin < result.BinCount; bin++)
            fullest = Math.Max(fullest, result.Load(bin));
        return long.CreateSaturating(((Int128)result.Problem.ItemCount * largest) - ((Int128)result.BinCount * fullest));
    }
}
