using System.Diagnostics;
using System.Diagnostics.Metrics;
using FsCheck.Xunit;
using PackingKit.Testing;
using Xunit;

namespace PackingKit.Tests;

/// <summary>What is heard of one call, and that nothing is paid where nobody listens: so one after the other, with nobody beside.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 50)]
public class ObservedTests
{
    private const string Alone = "listeners hear the whole process";

    private static readonly PackingProblem Prompts = PackingProblem.Create([6, 5, 4, 1], 10);

    /// <summary>Writes down all that the source and the meter tell while it lives.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly ActivityListener _activities;
        private readonly MeterListener _meter = new();

        public Listener(ActivitySamplingResult sampling = ActivitySamplingResult.AllData, bool instruments = true)
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Observed.SourceName,
                Sample = (ref _) => sampling,
                ActivityStopped = Activities.Add,
            };
            ActivitySource.AddActivityListener(_activities);
            _meter.InstrumentPublished = (instrument, listener) =>
            {
                if (instruments && instrument.Meter.Name == Observed.SourceName)
                    listener.EnableMeasurementEvents(instrument);
            };
            _meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meter.Start();
        }

        public List<Activity> Activities { get; } = [];

        public List<(string Name, string? Unit, double Value, string Tags)> Measurements { get; } = [];

        public double this[string name] => Measurements.Single(measurement => measurement.Name == name).Value;

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            Measurements.Add((instrument.Name, instrument.Unit, value, string.Join(' ', tags.ToArray())));

        public void Dispose()
        {
            _activities.Dispose();
            _meter.Dispose();
        }
    }

    private sealed class Broken(Exception exception) : IPackingStrategy
    {
        public string Id => "broken";

        public PackingResult Pack(
            PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
            throw exception;
    }

    private sealed class Remembered(PackingResult result) : IPackingStrategy
    {
        public string Id => "remembered";

        public PackingResult Pack(
            PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) => result;
    }

    [Fact]
    public void An_activity_tells_what_was_packed_and_how_well()
    {
        using var listener = new Listener();
        var result = new Observed(new Fallback(new Broken(new NotSupportedException()), new BestFitDecreasing())).Pack(Prompts);
        var activity = Assert.Single(listener.Activities);
        Assert.Equal(("packingkit.pack", ActivityStatusCode.Unset), (activity.OperationName, activity.Status));
        var expected = new Dictionary<string, object?>
        {
            ["packingkit.strategy"] = "bfd",
            ["packingkit.items"] = 4,
            ["packingkit.capacity"] = 10L,
            ["packingkit.bins"] = 2,
            ["packingkit.bound"] = 2L,
            ["packingkit.bound.rule"] = result.Bound.Rule,
            ["packingkit.fill"] = 0.8,
            ["packingkit.status"] = "Optimal",
            ["packingkit.stop_reason"] = result.StopReason.ToString(),
            ["packingkit.padding.avoided"] = (4L * 6) - (2L * 10),
        };
        Assert.Equal(expected, activity.TagObjects.ToDictionary());
    }

    [Fact]
    public void Metrics_tell_the_same_with_their_units()
    {
        using var listener = new Listener();
        new Observed(new BestFitDecreasing()).Pack(Prompts);
        Assert.Equal(
            [
                ("packingkit.bins", "{bin}", 2.0), ("packingkit.bound", "{bin}", 2.0), ("packingkit.fill", "1", 0.8),
                ("packingkit.items", "{item}", 4.0), ("packingkit.padding.avoided", "{unit}", 4.0),
            ],
            listener.Measurements.Where(measurement => measurement.Name != "packingkit.pack.duration")
                .Select(measurement => (measurement.Name, measurement.Unit!, measurement.Value)).Order());
        Assert.InRange(listener["packingkit.pack.duration"], 1e-9, 60);
        Assert.All(listener.Measurements, measurement => Assert.Equal("[packingkit.strategy, bfd]", measurement.Tags));
    }

    [Property]
    public void What_is_told_is_what_was_returned_and_the_result_is_that_of_the_strategy(PackingCase of)
    {
        var problem = of.ToProblem();
        using var listener = new Listener();
        var (result, alone) = (new Observed(new FirstFit()).Pack(problem), new FirstFit().Pack(problem));
        Assert.Equal((alone.Packing, alone.Bound, "ff"), (result.Packing, result.Bound, new Observed(new FirstFit()).Id));
        var rows = result.Packing.Bins.Select(bin => bin.Sum(item => problem[item])).DefaultIfEmpty().Max() * (Int128)result.BinCount;
        var padded = of.Sizes.DefaultIfEmpty().Max() * (Int128)of.Sizes.Length;
        Assert.Equal(
            (problem.ItemCount, result.BinCount, result.Bound.Bins, result.Fill, (double)long.CreateSaturating(padded - rows)),
            (listener["packingkit.items"], listener["packingkit.bins"], listener["packingkit.bound"], listener["packingkit.fill"],
                listener["packingkit.padding.avoided"]));
    }

    [Fact]
    public void Padding_beyond_64_bits_is_told_as_the_largest_number()
    {
        using var listener = new Listener();
        new Observed(new NextFit()).Pack(PackingProblem.Create([long.MaxValue / 2, .. Enumerable.Repeat(0L, 9)], long.MaxValue));
        Assert.Equal(long.MaxValue, listener["packingkit.padding.avoided"]);
    }

    [Fact]
    public void What_throws_is_told_as_an_error_and_thrown_on()
    {
        using var listener = new Listener();
        var thrown = Assert.Throws<NotSupportedException>(
            () => new Observed(new Broken(new NotSupportedException("not this one"))).Pack(Prompts));
        var activity = Assert.Single(listener.Activities);
        Assert.Equal((ActivityStatusCode.Error, thrown.Message), (activity.Status, activity.StatusDescription));
        Assert.Equal(
            [("packingkit.strategy", "broken"), ("packingkit.items", 4), ("packingkit.capacity", 10L),
                ("error.type", (object)"System.NotSupportedException")],
            activity.TagObjects.Select(tag => (tag.Key, tag.Value!)));
        Assert.Equal(
            ("packingkit.pack.duration", "[packingkit.strategy, broken] [error.type, System.NotSupportedException]"),
            (Assert.Single(listener.Measurements).Name, listener.Measurements[0].Tags));
    }

    [Fact]
    public void A_cancelled_call_is_told_as_one()
    {
        using var listener = new Listener();
        Assert.ThrowsAny<OperationCanceledException>(
            () => new Observed(new BestFitDecreasing()).Pack(Prompts, progress: null, new CancellationToken(canceled: true)));
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(listener.Activities).Status);
    }

    [Fact]
    public void An_activity_that_is_not_sampled_tells_nothing_of_the_packing_and_still_stands_in_the_trace()
    {
        using var listener = new Listener(ActivitySamplingResult.PropagationData, instruments: false);
        new Observed(new BestFitDecreasing()).Pack(Prompts);
        Assert.Null(Assert.Single(listener.Activities).GetTagItem("packingkit.bins"));
        Assert.Empty(listener.Measurements);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void What_is_no_packing_is_returned_as_it_is(bool isNull)
    {
        using var listener = new Listener();
        var nothing = isNull ? null : new BestFitDecreasing().Pack(Prompts) with { Packing = null! };
        Assert.Same(nothing, new Observed(new Remembered(nothing!)).Pack(Prompts));
        Assert.Null(Assert.Single(listener.Activities).GetTagItem("packingkit.bins"));
        Assert.Empty(listener.Measurements);
    }

    [Fact]
    public void A_missing_problem_is_the_strategys_to_refuse()
    {
        using var listener = new Listener();
        Assert.Throws<ArgumentNullException>("problem", () => new Observed(new BestFitDecreasing()).Pack(null!));
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(listener.Activities).Status);
    }

    /// <summary>The result is made beforehand, so whatever is allocated is the decorator's.</summary>
    [Fact]
    public void Nothing_is_allocated_where_nobody_listens()
    {
        var observed = new Observed(new Remembered(new BestFitDecreasing().Pack(Prompts)));
        observed.Pack(Prompts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 1000; call++)
            observed.Pack(Prompts);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_strategy_is_needed() => Assert.Throws<ArgumentNullException>(() => new Observed(null!));
}
