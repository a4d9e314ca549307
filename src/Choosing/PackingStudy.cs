namespace PackingKit;

/// <summary>
/// Sizes studied for what to do with them: described, packed by several strategies in turn, planned under other limits, and a
/// recommendation by fixed rules, each with its number.
/// </summary>
/// <remarks>
/// Immutable. Strategies run one after the other on one thread, each in turn before any is run again, so that noise falls on all alike.
/// For one figure over many problems, or strategies of your own, see <see cref="StrategyComparison"/>.
/// </remarks>
/// <example><code>
/// var study = PackingStudy.Run(PackingProblem.Create([6, 5, 4, 3, 2], 10));
/// foreach (var finding in study.Recommendation)
///     Console.WriteLine(finding);
/// </code></example>
public sealed record PackingStudy
{
    /// <summary>Shares of the capacity that is studied, in quarters, at which other capacities are tried.</summary>
    private static readonly int[] CapacityQuarters = [2, 3, 5, 6, 8, 12, 16];

    /// <summary>Taken of equals, and to plan with where what is recommended does not plan.</summary>
    private const string Usual = "bfd";

    /// <summary>Times up to so much, and up to so many times the least, differ from run to run.</summary>
    private const double NoiseMilliseconds = 1, NoiseFactor = 2;

    /// <summary>The sizes and limits that are studied.</summary>
    public required SizeDescription Description { get; init; }

    /// <summary>Whether items were packed; otherwise only their histogram was planned for.</summary>
    public required bool ByItems { get; init; }

    /// <summary>One for each strategy, in the order in which they were asked for.</summary>
    public required ValueList<StrategyTrial> Trials { get; init; }

    /// <summary>The best bound that the description or any strategy has.</summary>
    public required LowerBound Bound { get; init; }

    /// <summary>
    /// The strategy to take: of those that do not search (of all, where every one does) that with the fewest bins. Of several whose
    /// times differ by no more than noise it is <c>bfd</c>, else the first in the order of the catalogue, so that runs agree.
    /// </summary>
    public required StrategyTrial Recommended { get; init; }

    /// <summary>
    /// Ids of the strategies that were left out because the sizes are too many for them; empty where strategies were asked for by name.
    /// </summary>
    public required ValueList<string> LeftOut { get; init; }

    /// <summary>
    /// The items in bins of other capacities, increasing; that which is studied is among them, with the fewest bins found.
    /// </summary>
    public required ValueList<WhatIf> Capacities { get; init; }

    /// <summary>
    /// The items under other limits of their number in a bin, increasing; the limit that is studied is among them, with the fewest bins
    /// found.
    /// </summary>
    public required ValueList<WhatIf> ItemLimits { get; init; }

    /// <summary>What to do, most important first.</summary>
    public required ValueList<Finding> Recommendation { get; init; }

    /// <summary>Studies the packing of items. The time is that of the strategies; a second each at most where they do not search.</summary>
    /// <param name="problem">The items and limits.</param>
    /// <param name="options">What to try.</param>
    /// <param name="progress">Gets the trials so far after each turn of a strategy.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There is no strategy, or no strategy of a given id.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public static PackingStudy Run(
        PackingProblem problem, StudyOptions? options = null, IProgress<ValueList<StrategyTrial>>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Run(new StudySubject(problem.Histogram, problem.Limits, problem), options ?? new(), progress, cancellationToken);
    }

    /// <summary>Studies the planning for counted items, however many there are.</summary>
    /// <param name="histogram">Sizes at most the capacity.</param>
    /// <param name="limits">What one bin takes.</param>
    /// <param name="options">What to try; only strategies that need no items.</param>
    /// <param name="progress">Gets the trials so far after each turn of a strategy.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">
    /// There is no strategy, no strategy of a given id, or one that takes items as they come.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is above the capacity, or the limits are the default value.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was done.</exception>
    public static PackingStudy Run(
        SizeHistogram histogram, BinLimits limits, StudyOptions? options = null, IProgress<ValueList<StrategyTrial>>? progress = null,
        CancellationToken cancellationToken = default)
    {
        LowerBounds.Check(histogram, limits);
        return Run(new StudySubject(histogram, limits, Problem: null), options ?? new(), progress, cancellationToken);
    }

    private static PackingStudy Run(
        StudySubject subject, StudyOptions options, IProgress<ValueList<StrategyTrial>>? progress, CancellationToken cancellationToken)
    {
        TrialRunner[] runners = [.. Strategies(subject, options).Select(info => new TrialRunner(info, subject, options))];
        var description = SizeDescription.Of(subject.Histogram, subject.Limits, options.Decimals);
        for (var turn = 0; turn <= options.Repeats; turn++)
        {
            foreach (var runner in runners.Where(runner => turn == 0 || runner.IsRepeated))
            {
                runner.Take(cancellationToken);
                progress?.Report(Compared(runners, description.Bound, out _));
            }
        }
        foreach (var runner in runners)
            runner.TakeMore(cancellationToken);
        var trials = Compared(runners, description.Bound, out var bound);
        var quick = trials.Where(trial => !trial.Strategy.IsSearch).ToArray();
        var recommended = Best(quick.Length > 0 ? quick : trials);
        var fewest = trials.Min(trial => trial.Bins);
        var planner = PackingStrategies.Create(
            recommended is { Plan: not null, Strategy.IsSearch: false } ? recommended.Strategy.Id : Usual) as IPlanningStrategy;
        var study = new PackingStudy
        {
            Description = description,
            ByItems = subject.Problem is not null,
            Trials = trials,
            Bound = bound,
            Recommended = recommended,
            LeftOut = [.. options.Strategies is null ? Quick(subject).Where(info => IsTooSlow(info, subject)).Select(info => info.Id) : []],
            Capacities = [.. CapacitiesOf(subject, options).Select(capacity => Try(new(capacity, subject.Limits.MaxItems)))],
            ItemLimits = [.. ItemLimitsOf(subject, options, recommended).Select(most => Try(new(subject.Limits.Capacity, most)))],
            Recommendation = [],
        };
        return study with { Recommendation = RecommendationRules.Of(study) };

        WhatIf Try(BinLimits limits)
        {
            if (limits == subject.Limits)
                return new WhatIf(limits, fewest, bound, 1 - subject.Fill(fewest, limits));
            var result = planner!.Plan(subject.Histogram, limits, progress: null, cancellationToken);
            var bins = result.BinCount;
            return new WhatIf(
                limits, bins, LowerBound.Max(result.Bound, LowerBounds.Strong(subject.Histogram, limits)), 1 - subject.Fill(bins, limits));
        }
    }

    private static List<StrategyInfo> Strategies(StudySubject subject, StudyOptions options)
    {
        if (options.Strategies is null)
            return [.. Quick(subject).Where(info => !IsTooSlow(info, subject))];
        if (options.Strategies.Count == 0)
            throw new ArgumentException("There is no strategy to try.", nameof(options));
        List<StrategyInfo> strategies = [.. options.Strategies.Distinct().Select(PackingStrategies.Find)];
        if (subject.Problem is null && strategies.Find(info => info.IsOnline) is { } online)
            throw new ArgumentException(
                $"Strategy '{online.Id}' takes items as they come, and only their histogram is known.", nameof(options));
        return strategies;
    }

    private static IEnumerable<StrategyInfo> Quick(StudySubject subject) =>
        PackingStrategies.All.Where(info => !info.IsSearch && (subject.Problem is not null || !info.IsOnline));

    private static bool IsTooSlow(StrategyInfo info, StudySubject subject) => subject.Histogram.DistinctCount > info.MostSizes;

    /// <summary>What the strategies found so far, against the best bound and the fastest of them.</summary>
    private static ValueList<StrategyTrial> Compared(TrialRunner[] runners, LowerBound known, out LowerBound bound)
    {
        StrategyTrial[] trials = [.. runners.Where(runner => runner.HasRun).Select(runner => runner.ToTrial())];
        var best = bound = trials.Select(trial => trial.Bound).Aggregate(known, LowerBound.Max);
        var fastest = trials.Min(trial => trial.Time.Median);
        return
        [
            .. trials.Select(trial => trial with
            {
                Gap = trial.Bins - best.Bins,
                RelativeTime = fastest > 0 ? trial.Time.Median / fastest : 1,
            }),
        ];
    }

    /// <summary>That with the fewest bins; of several whose times are near the least the first in a fixed order.</summary>
    internal static StrategyTrial Best(IEnumerable<StrategyTrial> trials)
    {
        var fewest = trials.GroupBy(trial => trial.Bins).MinBy(same => same.Key)!.ToArray();
        var fastest = fewest.Min(trial => trial.Time.Median);
        var near = fewest.Where(trial => trial.Time.Median <= Math.Max(NoiseMilliseconds, NoiseFactor * fastest))
            .ToDictionary(trial => trial.Strategy.Id);
        return near.GetValueOrDefault(Usual) ?? near[PackingStrategies.Ids.First(near.ContainsKey)];
    }

    private static IEnumerable<long> CapacitiesOf(StudySubject subject, StudyOptions options)
    {
        var given = subject.Limits.Capacity;
        var largest = subject.Histogram.DistinctCount == 0 ? 0 : subject.Histogram.Sizes[0];
        var tried = options.Capacities?.AsEnumerable() ?? CapacityQuarters.Select(quarters => (Int128)given * quarters / 4)
            .Where(capacity => capacity <= long.MaxValue).Select(capacity => (long)capacity);
        return tried.Append(given).Where(capacity => capacity >= Math.Max(largest, 1)).Distinct().Order();
    }

    private static IEnumerable<long> ItemLimitsOf(StudySubject subject, StudyOptions options, StrategyTrial recommended)
    {
        var tried = options.ItemLimits?.AsEnumerable();
        if (tried is null)
        {
            var fullest = recommended.Plan is null || recommended.Plan.Patterns.Count == 0 ? 1
                : recommended.Plan.Patterns.Max(pattern => pattern.ItemCount);
            tried = Enumerable.Range(1, 62).Select(power => 1L << power).TakeWhile(most => most < fullest);
        }
        return tried.Append(subject.Limits.MaxItems).Where(most => most >= 1).Distinct().Order();
    }
}
