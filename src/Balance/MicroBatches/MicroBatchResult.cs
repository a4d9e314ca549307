namespace PackingKit;

/// <summary>Samples dealt to micro-batches, and what is proved of their number and of their work.</summary>
/// <remarks>
/// Micro-batches stand in decreasing work, those of one step next to each other: batch s·ranks + r is what rank r runs in step s, and the
/// direction changes with each step. Of all ways to run these micro-batches in steps of one for each rank, none has a smaller
/// <see cref="CriticalWork"/>: the batch that a step waits for is, in order, at least the first of every <c>Ranks</c>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record MicroBatchResult
{
    /// <summary>What <see cref="BatchOfSample"/> says of a sample that was left out.</summary>
    public const int NoBatch = -1;

    /// <summary>Length of each sample.</summary>
    public required ValueList<long> Lengths { get; init; }

    /// <summary>The limits, and what was to be even.</summary>
    public required MicroBatchOptions Options { get; init; }

    /// <summary>Samples of each micro-batch, each list in increasing order; a batch that only fills a step up is empty.</summary>
    public required ValueList<ValueList<int>> Batches { get; init; }

    /// <summary>The micro-batch of each sample, or <see cref="NoBatch"/>.</summary>
    public required ValueList<int> BatchOfSample { get; init; }

    /// <summary>No way to deal the samples within the cap and <see cref="MicroBatchOptions.MaxSamples"/> has fewer micro-batches.</summary>
    public required long MinCount { get; init; }

    /// <summary>
    /// What proves <see cref="MinCount"/> for the samples within the cap, before it is rounded up to a multiple of the ranks.
    /// </summary>
    public required LowerBound CountBound { get; init; }

    /// <summary>No way to deal the samples to this number of micro-batches has a smaller largest work.</summary>
    public required long WorkBound { get; init; }

    /// <summary>Number of micro-batches, a multiple of the ranks.</summary>
    public int Count => Batches.Count;

    /// <summary>Steps that every rank runs.</summary>
    public int StepCount => Count / Options.Ranks;

    /// <summary>Whether no smaller number of micro-batches is possible, proved.</summary>
    public bool IsFewest => Count <= MinCount;

    /// <summary>The most work in a micro-batch; 0 without samples.</summary>
    public long LargestWork => Batches.Select(WorkOf).DefaultIfEmpty().Max();

    /// <summary>Work beyond the bound; 0 proves that this number of micro-batches cannot be more even.</summary>
    public long WorkGap => LargestWork - WorkBound;

    /// <summary>
    /// The sum over all steps of the most work on a rank: the modelled time where all ranks wait for each other in each step.
    /// </summary>
    public long CriticalWork => Batches.Chunk(Options.Ranks).Sum(step => step.Max(WorkOf));

    /// <summary>Samples above the cap that are in no micro-batch.</summary>
    public IEnumerable<int> LeftOut => Enumerable.Range(0, Lengths.Count).Where(sample => BatchOfSample[sample] == NoBatch);

    /// <summary>What a rank runs in a step.</summary>
    /// <param name="rank">From 0 to the ranks - 1.</param>
    /// <param name="step">From 0 to <see cref="StepCount"/> - 1.</param>
    public ValueList<int> this[int rank, int step] => Batches[(step * Options.Ranks) + rank];

    /// <summary>The work of a list of samples.</summary>
    public long WorkOf(ValueList<int> samples) => samples.Sum(sample => Options.Work.Of(Lengths[sample]));

    /// <summary>"16 micro-batches (fewest 16), largest work 248930304, bound 248123392".</summary>
    public override string ToString() =>
        $"{Count} micro-batches (fewest {MinCount}), largest work {LargestWork}, bound {WorkBound}";
}
