namespace PackingKit;

/// <summary>
/// Evens the work of a fixed number of micro-batches under a token cap: the samples of the batch with the most work and of another one are
/// split anew between the two by complete greedy search, as long as that lowers the larger of both. A batch above the cap comes before all
/// others, so that the search repairs as well.
/// </summary>
/// <param name="lengths">Lengths of the samples, none above the cap, in decreasing order.</param>
/// <param name="batches">Number of micro-batches, at least 1.</param>
/// <param name="cap">The most tokens in one.</param>
/// <param name="counts">The fewest and the most samples in one.</param>
/// <param name="work">The work of a sample.</param>
/// <param name="cancellationToken">Stops the work.</param>
/// <remarks>
/// Complete greedy search: R. Korf, A complete anytime algorithm for number partitioning, Artificial Intelligence 106, 1998. Nodes are
/// counted, not timed, so that the result repeats.
/// </remarks>
internal sealed class BatchEvening(
    long[] lengths, int batches, long cap, (int Fewest, int Most) counts, WorkModel work, CancellationToken cancellationToken)
{
    private const int NodesPerSplit = 300;

    /// <summary>One part in so many above the bound is not worth another step.</summary>
    public const long EvenEnough = 10_000;

    private readonly long[] _works = Array.ConvertAll(lengths, work.Of);
    private readonly Batch[] _batches = [.. Enumerable.Range(0, batches).Select(_ => new Batch())];

    // Of the split that is searched: its samples in decreasing length, whether each is in the first batch, now and at best.
    private readonly List<int> _samples = [];
    private readonly List<bool> _inFirst = [], _best = [];
    private (long Excess, long Work) _bestCost;
    private int _nodes;

    /// <summary>Evens an assignment until a bound is met or no split of two batches helps.</summary>
    /// <param name="batchOfSample">The batch of each sample; takes the result.</param>
    /// <param name="bound">Work that no batch can be brought below.</param>
    /// <returns>The largest work, or <see langword="null"/> where a batch is left that is above the cap or has too few or too many samples.
    /// </returns>
    public long? Even(Span<int> batchOfSample, long bound)
    {
        foreach (var batch in _batches)
            batch.Clear();
        for (var sample = 0; sample < lengths.Length; sample++)
            _batches[batchOfSample[sample]].Add(sample, lengths[sample], _works[sample]);

        var enough = bound + (bound / EvenEnough);
        while (true)
        {
            var worst = Worst();
            if (CostOf(worst) is { Excess: 0 } cost && cost.Work <= enough)
                break;
            if (!_batches.Where(batch => batch != worst).OrderBy(CostOf).Any(batch => TrySplit(worst, batch)))
                break;
        }

        for (var batch = 0; batch < _batches.Length; batch++)
            foreach (var sample in _batches[batch].Samples)
                batchOfSample[sample] = batch;
        return CostOf(Worst()) is { Excess: 0 } last ? last.Work : null;
    }

    private Batch Worst() => _batches.MaxBy(CostOf)!;

    /// <summary>What is minimised: tokens above the cap and samples out of their range first, then work.</summary>
    private (long Excess, long Work) CostOf(Batch batch) => CostOf(batch.Tokens, batch.Work, batch.Samples.Count);

    private (long Excess, long Work) CostOf(long tokens, long work, int samples) =>
        (Math.Max(0, tokens - cap) + Math.Max(0, samples - counts.Most) + Math.Max(0, counts.Fewest - samples), work);

    /// <summary>Splits the samples of two batches anew, if that makes the worse of them better.</summary>
    private bool TrySplit(Batch first, Batch second)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _samples.Clear();
        _samples.AddRange(first.Samples);
        _samples.AddRange(second.Samples);
        _samples.Sort(); // samples are in decreasing length
        _inFirst.Clear();
        _best.Clear();
        _bestCost = Max(CostOf(first), CostOf(second));
        _nodes = 0;
        Search(default, default);
        if (_best.Count == 0)
            return false;
        first.Clear();
        second.Clear();
        for (var i = 0; i < _samples.Count; i++)
            (_best[i] ? first : second).Add(_samples[i], lengths[_samples[i]], _works[_samples[i]]);
        return true;
    }

    private void Search(in Half first, in Half second)
    {
        var next = _inFirst.Count;
        // What is above the cap, too many or too much work stays so; too few samples are judged at the end.
        var soFar = Max(CostOf(first.Tokens, first.Work, Math.Max(first.Samples, counts.Fewest)),
            CostOf(second.Tokens, second.Work, Math.Max(second.Samples, counts.Fewest)));
        if (soFar.CompareTo(_bestCost) >= 0 || ++_nodes > NodesPerSplit)
            return;
        if (next == _samples.Count)
        {
            var cost = Max(CostOf(first.Tokens, first.Work, first.Samples), CostOf(second.Tokens, second.Work, second.Samples));
            if (cost.CompareTo(_bestCost) >= 0)
                return;
            _bestCost = cost;
            _best.Clear();
            _best.AddRange(_inFirst);
            return;
        }
        var (length, load) = (lengths[_samples[next]], _works[_samples[next]]);
        var lighter = first.Work <= second.Work;
        for (var turn = 0; turn < 2; turn++, lighter = !lighter)
        {
            _inFirst.Add(lighter);
            if (lighter)
                Search(first.With(length, load), second);
            else
                Search(first, second.With(length, load));
            _inFirst.RemoveAt(next);
            if (next == 0)
                break; // the two batches are alike while both are empty
        }
    }

    private static (long Excess, long Work) Max((long, long) first, (long, long) second) =>
        first.CompareTo(second) >= 0 ? first : second;

    private readonly record struct Half(long Tokens, long Work, int Samples)
    {
        public Half With(long tokens, long work) => new(Tokens + tokens, Work + work, Samples + 1);
    }

    private sealed class Batch
    {
        public List<int> Samples { get; } = [];

        public long Tokens { get; private set; }

        public long Work { get; private set; }

        public void Add(int sample, long length, long work)
        {
            Samples.Add(sample);
            (Tokens, Work) = (Tokens + length, Work + work);
        }

        public void Clear()
        {
            Samples.Clear();
            (Tokens, Work) = (0, 0);
        }
    }
}
