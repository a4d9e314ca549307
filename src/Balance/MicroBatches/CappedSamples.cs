namespace PackingKit;

/// <summary>The samples of one call: checked, packed once, and dealt to as many micro-batches as are asked for.</summary>
internal sealed class CappedSamples
{
    private readonly MicroBatchOptions _options;
    private readonly CancellationToken _cancel;
    private readonly ValueList<long> _lengths;
    private readonly int[] _within; // samples up to the cap, in decreasing length
    private readonly int[] _alone;
    private readonly long[] _descending; // lengths of those within
    private readonly PackingResult _packed;
    private readonly WorkBound _bound;

    public CappedSamples(ReadOnlySpan<long> lengths, MicroBatchOptions options, CancellationToken cancellationToken)
    {
        (_options, _cancel) = (options, cancellationToken);
        Check(lengths, options);
        _lengths = [.. lengths];
        var order = new int[lengths.Length];
        DecreasingOrder.Fill(lengths, order);
        var above = order.TakeWhile(sample => _lengths[sample] > options.TokenCap).ToArray();
        (_within, _alone) = (order[above.Length..], options.AboveCap == AboveCapRule.Alone ? above : []);
        _descending = Array.ConvertAll(_within, sample => _lengths[sample]);
        var limits = new BinLimits(options.TokenCap, options.MaxSamples ?? BinLimits.Unlimited);
        _packed = options.Packer.Pack(PackingProblem.Create(_descending, limits), progress: null, cancellationToken);
        _bound = new WorkBound(_descending, options.TokenCap, options.Work);
        FewestFound = RoundUp(_packed.BinCount);
    }

    /// <summary>Number of samples that are dealt.</summary>
    public int Count => _within.Length + _alone.Length;

    /// <summary>Micro-batches of the packing, those of single samples and those that fill the last step up.</summary>
    public int FewestFound { get; }

    /// <summary>The work of the sample with the most.</summary>
    public long LargestOfOne => _within.Concat(_alone).Select(sample => _options.Work.Of(_lengths[sample])).DefaultIfEmpty().Max();

    /// <summary>Deals to a number of micro-batches, no smaller than <see cref="FewestFound"/>, or to the next one at which that is found.
    /// </summary>
    public MicroBatchResult From(int count)
    {
        while (true)
        {
            var batches = count - _alone.Length;
            var bound = batches > 0 ? _bound.Compute(batches) : 0;
            if (batches == 0)
                return Result(count, [], bound);
            if (Even(batches, bound) is { } batchOfSample)
                return Result(count, batchOfSample, bound);
            count = checked(count + _options.Ranks);
        }
    }

    private static void Check(ReadOnlySpan<long> lengths, MicroBatchOptions options)
    {
        long total = 0;
        for (var sample = 0; sample < lengths.Length; sample++)
        {
            var length = lengths[sample];
            if (length < 1)
                throw new ArgumentOutOfRangeException(nameof(lengths), length, $"Sample {sample} has {length} tokens, fewer than 1.");
            if (length > options.TokenCap && options.AboveCap == AboveCapRule.Refuse)
                throw new ArgumentOutOfRangeException(
                    nameof(lengths), length, $"Sample {sample} has {length} tokens, above the cap {options.TokenCap}.");
            var work = (options.Work.PerToken * (Int128)length) + (options.Work.PerSquare * (Int128)length * length);
            if (work > long.MaxValue - total)
                throw new ArgumentOutOfRangeException(
                    nameof(lengths), length, $"The total work leaves the range of a 64-bit integer at sample {sample}.");
            total += (long)work;
        }
    }

    /// <summary>The most even of several beginnings, or <see langword="null"/> where none could be brought within the limits.</summary>
    private int[]? Even(int batches, long bound)
    {
        var works = Array.ConvertAll(_descending, _options.Work.Of);
        var evening = new BatchEvening(_descending, batches, _options.TokenCap, Counts(batches), _options.Work, _cancel);
        (int[]? Batches, long Largest) best = (null, long.MaxValue);
        foreach (var beginning in Beginnings())
        {
            _cancel.ThrowIfCancellationRequested();
            if (evening.Even(beginning, bound) is { } largest && largest < best.Largest)
                best = (beginning, largest);
            if (best.Largest <= bound + (bound / BatchEvening.EvenEnough))
                break;
        }
        return best.Batches;

        IEnumerable<int[]> Beginnings()
        {
            IBalancingStrategy differencing = _options.EqualCounts || _options.MaxSamples is not null
                ? new BalancedDifferencing() : new LargestDifferencing();
            yield return differencing.Balance(works, batches).Packing.BinOfItem.ToArray();
            yield return _packed.Packing.BinOfItem.ToArray();
            yield return new LongestProcessingTime().Balance(works, batches).Packing.BinOfItem.ToArray();
        }
    }

    private (int Fewest, int Most) Counts(int batches) => _options.EqualCounts
        ? (_within.Length / batches, Math.Min(_options.MaxSamples ?? int.MaxValue, (_within.Length + batches - 1) / batches))
        : (0, _options.MaxSamples ?? int.MaxValue);

    private int RoundUp(long batches) =>
        checked((int)Integers.CeilingDivide(batches + _alone.Length, _options.Ranks) * _options.Ranks);

    private MicroBatchResult Result(int count, int[] batchOfSample, long bound)
    {
        List<int>[] batches = [.. Enumerable.Range(0, count).Select(_ => new List<int>())];
        for (var i = 0; i < batchOfSample.Length; i++)
            batches[batchOfSample[i]].Add(_within[i]);
        for (var i = 0; i < _alone.Length; i++)
            batches[count - _alone.Length + i].Add(_alone[i]);

        var ordered = batches.OrderByDescending(batch => batch.Sum(sample => _options.Work.Of(_lengths[sample]))).ToArray();
        for (var step = 1; step < count / _options.Ranks; step += 2)
            Array.Reverse(ordered, step * _options.Ranks, _options.Ranks);
        var batchOf = new int[_lengths.Count];
        Array.Fill(batchOf, MicroBatchResult.NoBatch);
        for (var batch = 0; batch < count; batch++)
        {
            ordered[batch].Sort();
            foreach (var sample in ordered[batch])
                batchOf[sample] = batch;
        }
        return new MicroBatchResult
        {
            Lengths = _lengths,
            Options = _options,
            Batches = [.. ordered.Select(batch => batch.ToValueList())],
            BatchOfSample = [.. batchOf],
            MinCount = RoundUp(_packed.Bound.Bins),
            CountBound = _packed.Bound,
            WorkBound = _alone.Select(sample => _options.Work.Of(_lengths[sample])).Append(bound).Max(),
        };
    }
}
